import { systemClock } from '@kittiwake/base';
import { elapse, until } from '@kittiwake/testkit';
import { untilReady } from '../../cluster/lib/deploy.ts';
import { list, NAMESPACE } from '../../cluster/lib/kubectl.ts';
import { primaryPod, untilTierReady } from '../../cluster/lib/redis-primary.ts';
import { quantile } from '../../drill/report/drill-result.ts';
import type { Figure } from '../../drill/report/promises.ts';
import { act } from '../act.ts';
import type { GatewayLife } from '../cluster/gateway-pod.ts';
import { canCutOff, cutOff, joinAgain } from '../cluster/node-tool.ts';
import { openPresence } from '../crowds/presence-circle.ts';
import { limited, limitedSeconds } from '../figures/limited.ts';
import { clientsOn, returnsOf } from '../figures/return-figures.ts';
import { lineOf, storyOf } from '../figures/story.ts';
import { LIMITS } from '../limits.ts';
import type { Rehearsal } from '../rehearsal.ts';
import type { Stage } from '../stage.ts';

const GATEWAYS = 3;
const CUT_MS = 60_000;
const WHOLE_MS = 180_000;
const AFTER_MS = 10_000;
const SHOWN = 30;
const SHOWN_AGAIN_MS = 60_000;

/** Cuts a node with a gateway off, and joins it again. */
export const nodeLoss: Rehearsal = {
  introduction:
    'A node with a gateway, and without the Redis primary, is cut off from everybody for 60 s, and joined again. Its clients have nobody to tell them: they find out by themselves, and resume elsewhere.',
  gateways: GATEWAYS,
  crowd: { busyEveryMs: 100 },
  async play(stage, { quiet, say, finally: mend }) {
    if (!canCutOff()) throw new Error('nothing here can cut a node off: set KITTIWAKE_CLUSTER_TOOL');
    const victims = await chooseNode(stage);
    const node = victims[0]?.node ?? '';
    const presence = await openPresence(`${stage.layout.busy[0]}-shown`, SHOWN);
    mend(async () => presence.close());
    mend(() => joinAgain(node));
    let cutAtMs = 0;
    const done = await act(stage, {
      name: `${node} cut off`,
      kind: 'node-loss',
      async run() {
        cutAtMs = systemClock.nowMs();
        await cutOff(node);
        await elapse(CUT_MS);
        await joinAgain(node);
        await untilReady(WHOLE_MS);
        await untilTierReady(WHOLE_MS);
      },
      afterMs: AFTER_MS,
    });
    say(lineOf(stage, done));
    await until(() => presence.wrong() === 0, { timeoutMs: SHOWN_AGAIN_MS }).catch(() => {});
    const clients = clientsOn(stage.evidence.links, new Set(victims.map(({ name }) => name)), cutAtMs);
    return {
      acts: [done],
      figures: [
        ...returnFigures(returnsOf(stage.evidence.links, clients, cutAtMs)),
        limited('members that presence shows wrongly at the end', presence.wrong(), 0),
        limited('times that a member left presence, at most', presence.mostLeft(), 1),
        ...storyOf(stage, { quiet, acts: [done] }),
      ],
    };
  },
};

function returnFigures({ afterMs, missing }: ReturnType<typeof returnsOf>): readonly Figure[] {
  return [
    { what: 'clients of the node', value: afterMs.length + missing },
    limited('… that did not resume elsewhere', missing, 0),
    limitedSeconds('resumed elsewhere after: median', quantile(afterMs, 0.5)),
    limitedSeconds('… the last one', afterMs.at(-1), LIMITS['node-loss'].resumedS),
  ];
}

/** The gateways of a node that has some, and not the Redis primary. */
async function chooseNode({ cluster }: Stage): Promise<readonly GatewayLife[]> {
  const primary = await primaryPod();
  const redis = await list('pods', '-n', NAMESPACE, '-l', 'app.kubernetes.io/component=redis');
  const avoided = redis.find(({ metadata }) => metadata.name === primary)?.spec?.nodeName;
  const [first] = cluster.watch.serving.filter(({ node }) => node !== avoided);
  if (first === undefined) throw new Error('every gateway is beside the Redis primary');
  return cluster.watch.serving.filter(({ node }) => node === first.node);
}
