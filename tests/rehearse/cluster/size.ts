import { until } from '@kittiwake/testkit';
import { inNamespace } from '../../cluster/lib/kubectl.ts';
import type { GatewayWatch } from './gateway-watch.ts';

/** What the autoscaler of the gateways is told, as the API has it. */
export type Scaling = {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly metrics: readonly unknown[];
  readonly behavior: unknown;
};

/** What the autoscaler is told now. */
export async function readScaling(): Promise<Scaling> {
  const { spec } = JSON.parse(await inNamespace('get', 'hpa', 'gateway', '-o', 'json'));
  const { minReplicas, maxReplicas, metrics, behavior } = spec;
  return { minReplicas, maxReplicas, metrics, behavior };
}

/** Tells the autoscaler, which owns the number of gateways, as an operator would. */
export async function setScaling(scaling: Partial<Scaling>): Promise<void> {
  const patch = JSON.stringify({ spec: scaling });
  await inNamespace('patch', 'hpa', 'gateway', '--type=merge', '-p', patch);
}

/** The autoscaler's metrics, with another target: connections of a gateway, on average. */
export function withTarget({ metrics }: Scaling, connections: number): Pick<Scaling, 'metrics'> {
  const text = JSON.stringify(metrics);
  return { metrics: JSON.parse(text.replace(/"averageValue":"[^"]+"/, `"averageValue":"${connections}"`)) };
}

/** Has exactly so many gateways from now on: the autoscaler is held, and the Deployment scaled without waiting for it. */
export async function fixSize(gateways: number): Promise<void> {
  await setScaling({ minReplicas: gateways, maxReplicas: gateways });
  await inNamespace('scale', 'deployment/gateway', `--replicas=${gateways}`);
}

/** Waits until exactly so many gateways serve, and no other pod of theirs is there. */
export async function untilSize(watch: GatewayWatch, gateways: number, timeoutMs: number): Promise<void> {
  await until(() => watch.serving.length === gateways && watch.present.length === gateways, {
    timeoutMs,
    what: `${gateways} gateways that serve, and no other`,
  });
}

/** Switches rebalancing off, or leaves it to be what it is without a word. */
export async function setRebalancing(mode: 'off' | 'usual'): Promise<void> {
  const annotation = mode === 'off' ? 'kittiwake.dev/rebalance=off' : 'kittiwake.dev/rebalance-';
  await inNamespace('annotate', 'deployment/gateway', annotation, '--overwrite');
}
