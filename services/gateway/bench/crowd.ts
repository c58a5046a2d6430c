/**
 * What becomes of a crowd that lost its gateways, by how its clients are told when to come back: a model of 12,000 clients and
 * three gateways that start at once, each with the admission that ships. Run: `npm run bench:crowd`.
 */
import { type Clock, type Random, systemRandom } from '@kittiwake/base';
import { DEFAULT_CONFIG } from '../src/config/default-config.ts';
import { millis } from '../src/config/units.ts';
import { Admission } from '../src/limits/admission.ts';
import { fullRate } from '../src/limits/admission-rate.ts';
import {
  heedful,
  obedient,
  type Passage,
  passage,
  peakPerSecond,
  plain,
  untold,
  type Visitor,
} from '../src/limits/test/crowd.ts';

const CLIENTS = 12_000;
const GATEWAYS = 3;
const { perSecond, floorPerSecond, burst, retryAfterMax } = DEFAULT_CONFIG.admission;

const CROWDS: { readonly [name: string]: (random: Random) => Visitor } = {
  'SDK, told by goaway': () => obedient('resume'),
  'SDK, told by Retry-After': heedful,
  'SDK, untold': untold,
  'plain, full jitter': plain,
};

function gatewaysOf(clock: Clock): readonly Admission[] {
  const bounds = { perSecondMin: floorPerSecond, perSecondMax: perSecond };
  const parts = {
    clock,
    random: systemRandom,
    bounds,
    rate: fullRate(bounds),
    burst,
    retryAfterMaxMs: millis(retryAfterMax),
  };
  return Array.from({ length: GATEWAYS }, () => new Admission(parts));
}

/** Seconds by which that part of the crowd is back. */
function backAfter({ admitted }: Passage, part: number): string {
  return ((admitted[Math.ceil(admitted.length * part) - 1]?.atMs ?? 0) / 1_000).toFixed(1).padStart(8);
}

console.log(
  `${CLIENTS} clients, ${GATEWAYS} gateways at ${perSecond}/s and burst ${burst}; times in seconds`,
);
console.log('crowd                      attempts each     p50     p99     all   peak/s');
for (const [name, visitor] of Object.entries(CROWDS)) {
  const visitors = Array.from({ length: CLIENTS }, () => visitor(systemRandom));
  const passed = passage(visitors, gatewaysOf, systemRandom);
  const attempts = (passed.attempts / CLIENTS).toFixed(1).padStart(13);
  const times = [0.5, 0.99, 1].map(part => backAfter(passed, part)).join('');
  console.log(`${name.padEnd(27)}${attempts}${times}${String(peakPerSecond(passed)).padStart(9)}`);
}
