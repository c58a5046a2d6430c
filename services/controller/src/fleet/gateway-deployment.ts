import { numberAt, textAt } from '../decode/json-view.ts';

/** The gateways' Deployment, as far as the controller cares. */
export type GatewayDeployment = {
  readonly uid: string;
  readonly name: string;
  /** How many gateways it wants. */
  readonly replicas: number;
  readonly rebalance: RebalanceMode;
  /** When somebody asked for one pass of rebalancing without waiting, in wall-clock time. */
  readonly rebalanceAskedAtMs: number | undefined;
};

/** `dry-run`: decides and says so, moves nobody. */
export type RebalanceMode = (typeof REBALANCE_MODES)[number];

const REBALANCE_MODES = ['on', 'dry-run', 'off'] as const;

/** On the Deployment: on, dry-run or off; absent is on. */
export const REBALANCE_ANNOTATION = 'kittiwake.dev/rebalance';
/** On the Deployment: the time at which somebody asked for one pass now. */
export const REBALANCE_NOW_ANNOTATION = 'kittiwake.dev/rebalance-now';

/** Reads a Deployment of the API. A mode that nobody knows is `off`: somebody wanted to say something about it. */
export function toGatewayDeployment(deployment: unknown): GatewayDeployment | undefined {
  const name = textAt(deployment, 'metadata', 'name');
  if (name === undefined) return undefined;
  const uid = textAt(deployment, 'metadata', 'uid') ?? '';
  const mode = textAt(deployment, 'metadata', 'annotations', REBALANCE_ANNOTATION) ?? 'on';
  const askedAtMs = Date.parse(textAt(deployment, 'metadata', 'annotations', REBALANCE_NOW_ANNOTATION) ?? '');
  return {
    uid,
    name,
    replicas: numberAt(deployment, 'spec', 'replicas') ?? 1,
    rebalance: REBALANCE_MODES.find(known => known === mode) ?? 'off',
    rebalanceAskedAtMs: Number.isNaN(askedAtMs) ? undefined : askedAtMs,
  };
}
