import { systemClock } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import { NAMESPACE } from '../../cluster/lib/kubectl.ts';
import type { Cluster } from './cluster.ts';

const DEPLOYMENT = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/gateway`;

/** What `kubectl rollout restart` writes into the template, so that it is another one. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/**
 * Replaces every gateway by a new one as `kubectl rollout restart` does, and waits until `gateways` serve and none of the
 * old ones is left; rejects after `timeoutMs`. No process is started for it: kubectl takes a tenth of a second of the cores
 * that clients and cluster share, at the very moment that is measured.
 */
export async function rollOut({ door, watch }: Cluster, gateways: number, timeoutMs: number): Promise<void> {
  const old = new Set(watch.present.map(({ uid }) => uid));
  const restartedAt = new Date(systemClock.nowMs()).toISOString();
  const template = { metadata: { annotations: { [RESTARTED_AT]: restartedAt } } };
  await door.merge(DEPLOYMENT, { spec: { template } });
  await until(
    () =>
      watch.present.length === gateways &&
      watch.serving.length === gateways &&
      watch.present.every(({ uid }) => !old.has(uid)),
    { timeoutMs, what: `${gateways} new gateways that serve, and no old one` },
  );
}
