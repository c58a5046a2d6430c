import { act } from '../act.ts';
import type { GatewayLife } from '../cluster/gateway-pod.ts';
import { fixSize, readScaling, setRebalancing, setScaling, untilSize, withTarget } from '../cluster/size.ts';
import { endedByItself, notTheEmptiest } from '../figures/gateway-figures.ts';
import { limited } from '../figures/limited.ts';
import { lineOf, storyOf } from '../figures/story.ts';
import { LIMITS } from '../limits.ts';
import type { Rehearsal, Scene } from '../rehearsal.ts';
import type { Stage } from '../stage.ts';

const BEFORE = 6;
const AFTER = 3;
/** Half of the clients are on so many, before the others are added. */
const FIRST = 3;
const SIZED_MS = 120_000;
/** The autoscaler waits until the lower need has lasted, and then takes one after the other. */
const SHRUNK_MS = 600_000;
const AFTER_MS = 5_000;
/** Costs are set by tenths: who is within one of the emptiest is as good. */
const PLAY = 0.1;
/** In production it waits for minutes; drains of so few sessions are over sooner. */
const QUICK_SCALE_DOWN = {
  stabilizationWindowSeconds: 20,
  policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
};

/** Has the autoscaler take three of six gateways away, and looks at which. */
export const scaleIn: Rehearsal = {
  introduction:
    'Six gateways become three: the target of the autoscaler is raised, it waits until the lower need has lasted (20 s here), and takes one a minute. Half of the clients had connected when there were three, so three are fuller than the others; rebalancing is off, so that they stay so.',
  gateways: FIRST,
  crowd: { busyEveryMs: 50 },
  async halfway(cluster, { finally: mend }) {
    mend(() => setRebalancing('usual'));
    await setRebalancing('off');
    await fixSize(BEFORE);
    await untilSize(cluster.watch, BEFORE, SIZED_MS);
  },
  async play(stage, scene) {
    const done = await act(stage, {
      name: 'scale-in',
      kind: 'scale-in',
      run: () => shrink(stage, scene),
      afterMs: AFTER_MS,
    });
    scene.say(lineOf(stage, done));
    const gone = stage.cluster.watch.lives.filter(
      ({ terminatingMs }) => terminatingMs !== undefined && terminatingMs >= done.during.fromMs,
    );
    const stayed = stage.cluster.watch.serving;
    for (const life of gone) scene.say(goneLine(life));
    for (const life of stayed) scene.say(`${life.name} stayed, with ${life.sessions} sessions now`);
    const { notTheEmptiest: wrong, notByThemselves } = LIMITS['scale-in'];
    const wronglyChosen = notTheEmptiest(gone, stayed, {
      censuses: stage.cluster.watch.censuses,
      play: PLAY,
    });
    const forced = gone.filter(life => !endedByItself(life));
    return {
      acts: [done],
      figures: [
        { what: 'gateways taken away', value: gone.length },
        limited('… that were not the emptiest', wronglyChosen.length, wrong),
        limited('… that did not end by themselves in their grace period', forced.length, notByThemselves),
        ...storyOf(stage, { quiet: scene.quiet, acts: [done] }, { clientsThatLeft: 0 }),
      ],
    };
  },
};

/** As if there were half of the connections. */
async function shrink({ cluster }: Stage, { options }: Scene): Promise<void> {
  const scaling = await readScaling();
  await setScaling({
    minReplicas: AFTER,
    maxReplicas: BEFORE,
    ...withTarget(scaling, Math.ceil(options.clients / (AFTER - 0.5))),
    behavior: { scaleDown: QUICK_SCALE_DOWN },
  });
  await untilSize(cluster.watch, AFTER, SHRUNK_MS);
}

function goneLine({
  name,
  sessionsAtEnd,
  terminatingMs,
  goneMs,
  graceSeconds,
  exitCode,
}: GatewayLife): string {
  const took = (((goneMs ?? 0) - (terminatingMs ?? 0)) / 1_000).toFixed(1);
  return `${name} went with ${sessionsAtEnd} sessions, in ${took} s of ${graceSeconds}, exit ${exitCode ?? 'not seen'}`;
}
