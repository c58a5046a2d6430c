import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DELIVERING, type DeliveryState, type DeliveryView, nextDelivery } from './delivery-verdict.ts';

const DEAF: DeliveryState = { phase: 'deaf', well: 0 };
const UNPROVEN: DeliveryState = { phase: 'unproven' };

type Case = readonly [what: string, view: DeliveryView, from: DeliveryState, to: DeliveryState['phase']];

const s = (...seconds: readonly number[]): readonly number[] => seconds.map(one => one * 1_000);

const CASES: readonly Case[] = [
  ['all is well', { heardAgoMs: 1_000, othersHeardAgoMs: [] }, DELIVERING, 'delivering'],
  [
    'a canary is late, and was lost maybe',
    { heardAgoMs: 9_000, othersHeardAgoMs: s(1) },
    DELIVERING,
    'delivering',
  ],
  [
    'nothing for 20 s, while another one hears',
    { heardAgoMs: 20_000, othersHeardAgoMs: s(12) },
    DELIVERING,
    'deaf',
  ],
  [
    'nothing for 20 s, while one of many hears',
    { heardAgoMs: 20_000, othersHeardAgoMs: s(20, 21, 3) },
    DELIVERING,
    'deaf',
  ],
  [
    'nothing for 10 s, when another one heard just before',
    { heardAgoMs: 10_000, othersHeardAgoMs: s(6) },
    DELIVERING,
    'unproven',
  ],
  [
    'the broker is down: nobody has heard anything',
    { heardAgoMs: 60_000, othersHeardAgoMs: s(60, 61) },
    DELIVERING,
    'unproven',
  ],
  [
    'the broker is down: the others failed a little later',
    { heardAgoMs: 60_000, othersHeardAgoMs: s(50, 40) },
    DELIVERING,
    'unproven',
  ],
  ['the broker answers nothing', { heardAgoMs: 60_000, othersHeardAgoMs: undefined }, DELIVERING, 'unproven'],
  ['it is the only gateway', { heardAgoMs: 60_000, othersHeardAgoMs: [] }, DELIVERING, 'unproven'],
  [
    'everybody failed, and then one hears again',
    { heardAgoMs: 60_000, othersHeardAgoMs: s(60, 1) },
    UNPROVEN,
    'deaf',
  ],
  [
    'it is deaf, and then the others are as well',
    { heardAgoMs: 60_000, othersHeardAgoMs: s(16) },
    DEAF,
    'unproven',
  ],
  [
    'it is deaf, and then the broker is gone',
    { heardAgoMs: 60_000, othersHeardAgoMs: undefined },
    DEAF,
    'unproven',
  ],
  ['it hears again, for the first time', { heardAgoMs: 500, othersHeardAgoMs: [] }, DEAF, 'deaf'],
  [
    'it heard something a while ago',
    { heardAgoMs: 7_000, othersHeardAgoMs: s(1) },
    { phase: 'deaf', well: 2 },
    'deaf',
  ],
  [
    'it has heard for a while',
    { heardAgoMs: 500, othersHeardAgoMs: [] },
    { phase: 'deaf', well: 2 },
    'delivering',
  ],
  ['the broker is back', { heardAgoMs: 500, othersHeardAgoMs: [] }, UNPROVEN, 'delivering'],
];

for (const [what, view, from, to] of CASES) {
  test(`[B13] ${what}: ${from.phase} → ${to}`, () => {
    assert.equal(nextDelivery(from, view).phase, to);
  });
}

test('[B13] a gateway that was deaf hears for three looks before it comes back', () => {
  let state: DeliveryState = DEAF;
  const phases = [1, 2, 3].map(() => {
    state = nextDelivery(state, { heardAgoMs: 1_000, othersHeardAgoMs: [] });
    return state.phase;
  });
  assert.deepEqual(phases, ['deaf', 'deaf', 'delivering']);
});

test('[B13] whatever goes wrong, the gateway that heard last stays', () => {
  const gateway = fc.record({
    heardAgoMs: fc.integer({ min: 0, max: 120_000 }),
    // What others know of it is as old as its announcement, and as what came back since then.
    announcedAgoMs: fc.integer({ min: 0, max: 30_000 }),
    answered: fc.boolean(),
    before: fc.constantFrom<DeliveryState>(DELIVERING, UNPROVEN),
  });
  fc.assert(
    fc.property(fc.array(gateway, { minLength: 1, maxLength: 8 }), gateways => {
      const told = gateways.map(({ heardAgoMs, announcedAgoMs }) => Math.max(heardAgoMs, announcedAgoMs));
      const phases = gateways.map(({ heardAgoMs, answered, before }, n) => {
        const othersHeardAgoMs = answered ? told.filter((_, other) => other !== n) : undefined;
        return nextDelivery(before, { heardAgoMs, othersHeardAgoMs }).phase;
      });
      assert.ok(
        phases.some(phase => phase !== 'deaf'),
        phases.join(),
      );
    }),
  );
});
