import { systemClock } from '@kittiwake/base';
import { elapse } from '@kittiwake/testkit';
import { podsOf } from '../../cluster/lib/kubectl.ts';
import { untilTierReady } from '../../cluster/lib/redis-primary.ts';
import { act } from '../act.ts';
import { canSignal, signalPod } from '../cluster/processes-of.ts';
import { limited, limitedSeconds } from '../figures/limited.ts';
import { lineOf, storyOf } from '../figures/story.ts';
import { LIMITS } from '../limits.ts';
import type { Rehearsal } from '../rehearsal.ts';
import type { Stage } from '../stage.ts';

const GATEWAYS = 3;
const DOWN_MS = 30_000;
const WHOLE_MS = 120_000;
const AFTER_MS = 5_000;

/** Stops all of Redis for a while. */
export const brokerDown: Rehearsal = {
  introduction:
    'All three Redis are stopped (SIGSTOP) for 30 s, so that nothing answers and nothing refuses, and go on. Clients stay where they are, what they publish waits, and everything is caught up afterwards.',
  gateways: GATEWAYS,
  crowd: { busyEveryMs: 100 },
  async play(stage, { quiet, say, finally: mend }) {
    if (!canSignal()) throw new Error('pods are no processes of this machine: nothing here can stop them');
    const redis = (await podsOf('redis')).map(({ metadata }) => metadata.uid);
    const all = (signal: NodeJS.Signals): void => {
      for (const uid of redis) signalPod(uid, signal);
    };
    mend(async () => all('SIGCONT'));
    let backAtMs = 0;
    const refusedBefore = refusalsOf(stage);
    const done = await act(stage, {
      name: 'Redis stopped',
      kind: 'broker-down',
      async run() {
        all('SIGSTOP');
        await elapse(DOWN_MS);
        all('SIGCONT');
        backAtMs = systemClock.nowMs();
        await untilTierReady(WHOLE_MS);
      },
      afterMs: AFTER_MS,
    });
    say(lineOf(stage, done));
    const { disconnected, caughtUpS } = LIMITS['broker-down'];
    const caughtUpMs = caughtUpAfterMs(stage, backAtMs, done.during.name);
    return {
      acts: [done],
      figures: [
        limited('clients that were disconnected', leftOf(stage, done.during.fromMs), disconnected),
        { what: 'publishes that gateways refused for a while', value: refusalsOf(stage) - refusedBefore },
        limitedSeconds('everything caught up after its return', caughtUpMs, caughtUpS),
        // What nothing had to wait for is refused, with a delay.
        ...storyOf(stage, { quiet, acts: [done] }, { mayFail: true }),
      ],
    };
  },
};

/** Until the last publish from before its return was settled, and the last client got something again. */
function caughtUpAfterMs({ evidence }: Stage, backAtMs: number, window: string): number {
  const settled = evidence.publishes.filter(one => one.startedMs < backAtMs).map(one => one.settledMs);
  const ends = evidence.windows.filter(one => one.window === window).map(one => one.gapEndedMs);
  return [...settled, ...ends].reduce((last, atMs) => Math.max(last, atMs), backAtMs) - backAtMs;
}

function leftOf({ evidence }: Stage, fromMs: number): number {
  return evidence.links.filter(({ what, atMs }) => what === 'left' && atMs >= fromMs).length;
}

/** Since they started, of all gateways. */
function refusalsOf({ cluster }: Stage): number {
  return cluster.watch.total('kittiwake_errors_total', 'kind="broker_unavailable"');
}
