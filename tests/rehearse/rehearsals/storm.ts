import { systemClock } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { forceDelete } from '../../cluster/lib/deploy.ts';
import { quantile } from '../../drill/report/drill-result.ts';
import type { Figure } from '../../drill/report/promises.ts';
import { type Act, act } from '../act.ts';
import type { GatewayLife } from '../cluster/gateway-pod.ts';
import type { GatewayWatch } from '../cluster/gateway-watch.ts';
import { canSignal, signalPod } from '../cluster/processes-of.ts';
import type { Evidence } from '../figures/evidence.ts';
import { strainFigures } from '../figures/gateway-figures.ts';
import { limited, limitedIn, limitedSeconds } from '../figures/limited.ts';
import { connectTimes } from '../figures/link-figures.ts';
import { plainFigures } from '../figures/plain-figures.ts';
import { clientsOn, returnsOf } from '../figures/return-figures.ts';
import { lineOf, storyOf } from '../figures/story.ts';
import { LIMITS } from '../limits.ts';
import { PlainCrowd } from '../plain/plain-crowd.ts';
import type { Rehearsal } from '../rehearsal.ts';
import type { Stage } from '../stage.ts';

const GATEWAYS = 3;
const BACK_MS = 120_000;
const AFTER_MS = 8_000;
/** One client in so many is of another kind than ours. */
const PLAIN_ONE_IN = 10;

/** Kills all gateways at once. */
export const storm: Rehearsal = {
  introduction:
    'All gateways are killed with SIGKILL at the same moment, and started again by their nodes. Every client comes back at once; one in eleven is no client of ours.',
  gateways: GATEWAYS,
  crowd: { busyEveryMs: 200 },
  async play(stage, { quiet, options, say, finally: mend }) {
    const { watch } = stage.cluster;
    // Sessions per second that all gateways together let in.
    const ratePerSecond = watch.total('kittiwake_admission_rate');
    const plain = await PlainCrowd.open(Math.ceil(options.clients / PLAIN_ONE_IN));
    mend(() => plain.stop());
    const victims = watch.serving;
    const before = victims.map(({ restarts }) => restarts);
    let killedAtMs = 0;
    const done = await act(stage, {
      name: 'all gateways killed',
      kind: 'storm',
      async run() {
        killedAtMs = systemClock.nowMs();
        await killAll(victims);
        await untilReplaced(watch, victims, before);
      },
      afterMs: AFTER_MS,
      caughtUpMs: BACK_MS,
    });
    say(lineOf(stage, done));
    await plain.untilBack(BACK_MS).catch(() => {});
    const { redisCommandsPerClient, eventLoopLagP99Ms: lagMs } = LIMITS.storm;
    return {
      acts: [done],
      figures: [
        ...returnFigures(stage, { act: done, killedAtMs, victims }),
        ...plainFigures({
          clients: plain.size,
          missing: plain.missing,
          killedAtMs,
          plainAtMs: plain.connectsSince(killedAtMs),
          oursAtMs: connectTimes(stage.evidence.linksIn([done.during])),
          ratePerSecond,
        }),
        ...strainFigures(watch.censuses, [done.during, done.after], { lagMs }),
        ...storyOf(stage, { quiet, acts: [done] }, { redisCommandsPerClient }),
      ],
    };
  },
};

/** When everybody was back, and how they came. */
function returnFigures(
  { evidence, cluster }: Stage,
  {
    act: done,
    killedAtMs,
    victims,
  }: {
    readonly act: Act;
    readonly killedAtMs: number;
    readonly victims: readonly GatewayLife[];
  },
): readonly Figure[] {
  const clients = clientsOn(evidence.links, new Set(victims.map(({ name }) => name)), killedAtMs);
  const { afterMs, missing } = returnsOf(evidence.links, clients, killedAtMs);
  const catchUpsMs = done.verdict.catchUpsMs.toSorted((one, other) => one - other);
  return [
    { what: 'clients of the killed gateways', value: clients.size },
    limited('… that did not come back', missing, 0),
    limitedSeconds('back after: median', quantile(afterMs, 0.5)),
    limitedSeconds('… the last one', afterMs.at(-1), LIMITS.storm.backS),
    limitedSeconds('without anything that is owed: the longest', catchUpsMs.at(-1)),
    limitedIn('/s', 'connection attempts in a second, most', { value: mostDials(evidence, killedAtMs) }),
    // Since they started again.
    {
      what: 'attempts that were refused',
      value: cluster.watch.total('kittiwake_admission_refused_total'),
    },
  ];
}

/** Each has started again, or is gone, and as many as there were take clients. */
async function untilReplaced(
  watch: GatewayWatch,
  victims: readonly GatewayLife[],
  restartsBefore: readonly number[],
): Promise<void> {
  const dead = (): boolean =>
    victims.every(
      ({ restarts, goneMs }, index) => goneMs !== undefined || restarts > (restartsBefore[index] ?? 0),
    );
  await until(() => dead() && watch.serving.length >= GATEWAYS, {
    timeoutMs: BACK_MS,
    what: 'gateways again',
  });
}

/** As a machine that dies: no signal is handled. Where pods are not processes of this machine, deletion by force has to do. */
async function killAll(victims: readonly GatewayLife[]): Promise<void> {
  if (canSignal()) for (const { uid } of victims) signalPod(uid, 'SIGKILL');
  else await Promise.all(victims.map(({ name }) => forceDelete(name)));
}

function mostDials(evidence: Evidence, fromMs: number): number {
  const dials = [...evidence.seconds]
    .filter(([second]) => second * 1_000 >= fromMs)
    .map(([, one]) => one.dials);
  return Math.max(0, ...dials);
}
