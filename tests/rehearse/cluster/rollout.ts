import { systemClock } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { list, NAMESPACE } from '../../cluster/lib/kubectl.ts';
import type { Cluster } from './cluster.ts';
import { untilSize } from './size.ts';

const DEPLOYMENT = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/gateway`;

/** What `kubectl rollout restart` writes into the template, so that it is another one. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/**
 * Replaces every gateway by a new one as `kubectl rollout restart` does, and waits until `gateways` serve and none of the
 * old ones is left, each for `timeoutMs` at most. No process is started for it: kubectl takes a tenth of a second of the cores
 * that clients and cluster share, at the very moment that is measured.
 */
export async function rollOut({ door, watch }: Cluster, gateways: number, timeoutMs: number): Promise<void> {
  const old = new Set(watch.present.map(({ uid }) => uid));
  const restartedAt = new Date(systemClock.nowMs()).toISOString();
  const template = { metadata: { annotations: { [RESTARTED_AT]: restartedAt } } };
  await door.merge(DEPLOYMENT, { spec: { template } });
  await until(() => watch.present.every(({ uid }) => !old.has(uid)), {
    timeoutMs,
    what: 'no old gateway is left',
  });
  await untilSize(watch, gateways, timeoutMs);
}

/**
 * Has each node that can have one a gateway, before anybody connects: what was done to the cluster before may have left
 * them in a heap, and new ones are spread. None has been killed before: Kubernetes starts one again at once the first time,
 * and lets it wait for 10 s and more after that.
 */
export async function spreadOut(cluster: Cluster, gateways: number, timeoutMs: number): Promise<void> {
  const { watch } = cluster;
  const nodes = (await list('nodes')).length;
  const used = new Set(watch.serving.map(({ node }) => node)).size;
  const isFresh = watch.serving.every(({ restarts }) => restarts === 0);
  if (used >= Math.min(nodes, gateways) && isFresh) return;
  await rollOut(cluster, gateways, timeoutMs);
}
