import { systemClock } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { act } from '../act.ts';
import { fixSize, untilSize } from '../cluster/size.ts';
import { evenAfterMs, servingSessions, spreadOf } from '../figures/gateway-figures.ts';
import { limitedIn, limitedSeconds } from '../figures/limited.ts';
import { lineOf, storyOf } from '../figures/story.ts';
import { LIMITS } from '../limits.ts';
import type { Rehearsal } from '../rehearsal.ts';
import type { Stage } from '../stage.ts';

const BEFORE = 3;
const AFTER = 6;
const READY_MS = 120_000;
/** How long is waited for an even spread, however late that is. */
const EVEN_MS = 150_000;
const AFTER_MS = 10_000;

/** Doubles the gateways, and waits until the clients are spread over all of them. */
export const scaleOut: Rehearsal = {
  introduction:
    'Three gateways become six. The new ones are empty at first: the controller has the full ones shed sessions until all have about the same.',
  gateways: BEFORE,
  crowd: { busyEveryMs: 50 },
  async play(stage, { quiet, say }) {
    let readyAtMs = 0;
    const done = await act(stage, {
      name: 'scale-out',
      kind: 'scale-out',
      async run() {
        await fixSize(AFTER);
        await untilSize(stage.cluster.watch, AFTER, READY_MS);
        readyAtMs = systemClock.nowMs();
        await until(() => evenSince(stage, readyAtMs) !== undefined, { timeoutMs: EVEN_MS }).catch(() => {});
      },
      afterMs: AFTER_MS,
    });
    say(lineOf(stage, done));
    const { spreadWithinS, movesPerClient } = LIMITS['scale-out'];
    const tookMs = evenSince(stage, readyAtMs) ?? EVEN_MS;
    const last = stage.cluster.watch.censuses.findLast(({ atMs }) => atMs <= done.after.toMs);
    const spread = last === undefined ? 1 : spreadOf(servingSessions(last));
    return {
      acts: [done],
      figures: [
        limitedSeconds('from readiness to a spread within 10 %', tookMs, spreadWithinS),
        limitedIn('%', 'spread at the end', { value: 100 * spread }),
        ...storyOf(stage, { quiet, acts: [done] }, { movesPerClient, clientsThatLeft: 0 }),
      ],
    };
  },
};

function evenSince({ cluster }: Stage, fromMs: number): number | undefined {
  const share = LIMITS['scale-out'].spreadPercent / 100;
  return evenAfterMs(cluster.watch.censuses, { fromMs, gateways: AFTER, share });
}
