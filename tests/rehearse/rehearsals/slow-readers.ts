import { systemClock } from '@kittiwake/base';
import { elapse } from '@kittiwake/testkit';
import { quantileOf } from '../../drill/checker/latency-buckets.ts';
import { act } from '../act.ts';
import type { Span } from '../figures/evidence.ts';
import { strainFigures } from '../figures/gateway-figures.ts';
import { limitedIn } from '../figures/limited.ts';
import { lineOf, storyOf } from '../figures/story.ts';
import { LIMITS } from '../limits.ts';
import type { Rehearsal } from '../rehearsal.ts';

const GATEWAYS = 3;
const SLOW_PERCENT = 5;
const TEXT_LENGTH = 6_000;
const STOPPED_MS = 60_000;
const AFTER_MS = 8_000;

/** Has a part of the clients stop reading. */
export const slowReaders: Rehearsal = {
  introduction:
    'Five of a hundred clients, all of them in busy channels with publications of 6 kB, stop reading for 60 s (their process is stopped), and go on. Gateways keep what they owe them within bounds; the others in the same channels do not wait for them.',
  gateways: GATEWAYS,
  crowd: { busyEveryMs: 100, slowPercent: SLOW_PERCENT, busyTextLength: TEXT_LENGTH },
  async play(stage, { quiet, say, finally: mend }) {
    mend(async () => stage.freezeSlow(false));
    const stopped = { fromMs: 0, toMs: 0 };
    const done = await act(stage, {
      name: 'readers stopped',
      kind: 'slow-readers',
      async run() {
        stage.freezeSlow(true);
        stopped.fromMs = systemClock.nowMs();
        await elapse(STOPPED_MS);
        stopped.toMs = systemClock.nowMs();
        stage.freezeSlow(false);
      },
      afterMs: AFTER_MS,
    });
    say(lineOf(stage, done));
    const { evidence, cluster } = stage;
    const overQuiet = (of: Span): number =>
      quantileOf(evidence.latencyIn([of]), 0.99) / Math.max(1, quantileOf(evidence.latencyIn([quiet]), 0.99));
    const back = { fromMs: stopped.toMs, toMs: done.during.toMs };
    const { neighboursP99Ratio, gatewayMemoryMiB: memoryMiB } = LIMITS['slow-readers'];
    return {
      acts: [done],
      figures: [
        limitedIn('×', 'p99 of those that read, over quiet', {
          value: overQuiet(stopped),
          atMost: neighboursP99Ratio,
        }),
        limitedIn('×', '… while the others catch up', { value: overQuiet(back) }),
        ...strainFigures(cluster.watch.censuses, [done.during], { memoryMiB }),
        ...storyOf(stage, { quiet, acts: [done] }),
      ],
    };
  },
};
