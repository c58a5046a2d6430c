import { listAt, parseJson, textAt } from '../decode/json-view.ts';
import type { Fleet, Gateway } from '../fleet/fleet.ts';
import type { RebalanceMode } from '../fleet/gateway-deployment.ts';
import { isRollingOut, rolloutOf } from '../fleet/rollout.ts';
import { isScaleInNear } from '../fleet/scale-in.ts';
import type { RebalanceView } from '../rebalance/rebalancer.ts';
import type { LoggedDecision } from './decision-log.ts';

/** What `status.json` holds, except when it was written and by whom. `null`: not known. */
export type StatusReport = {
  readonly gateways: readonly ReportedGateway[];
  /** Gateways that are left out because there are too many to be shown. */
  readonly gatewaysLeftOut: number;
  readonly rollout: { readonly isOn: boolean; readonly ready: number; readonly wanted: number };
  readonly isScaleInNear: boolean;
  readonly rebalance: {
    readonly mode: RebalanceMode;
    readonly phase: RebalanceView['phase'];
    readonly obstacle: string | null;
    /** Greatest distance from the mean number of sessions, as a share of it. */
    readonly spread: number | null;
    readonly plan: readonly {
      readonly gateway: string;
      readonly sessions: number;
      readonly perSecond: number;
    }[];
  };
  readonly decisions: readonly LoggedDecision[];
};

export type ReportedGateway = {
  readonly name: string;
  readonly node: string | null;
  readonly templateHash: string | null;
  readonly isNewest: boolean;
  readonly state: string;
  readonly phase: string | null;
  readonly sessions: number | null;
  readonly connections: number | null;
  readonly channels: number | null;
  readonly sheddingLeft: number | null;
  readonly broker: string | null;
  readonly version: string | null;
  readonly startedAt: string | null;
  readonly drainAskedAt: string | null;
  readonly deletionCost: number | null;
};

/** A ConfigMap holds 1 MiB; so many are about a fifth of it. */
const GATEWAYS_MAX = 500;

/** Puts it together. Pure. */
export function toStatusReport(
  fleet: Fleet,
  view: RebalanceView,
  decisions: readonly LoggedDecision[],
): StatusReport {
  const rollout = rolloutOf(fleet);
  const names = new Map(fleet.gateways.map(({ pod }) => [pod.uid, pod.name]));
  const plan = view.plan.map(({ id, sessions, perSecond }) => ({
    gateway: names.get(id) ?? id,
    sessions,
    perSecond,
  }));
  return {
    gateways: fleet.gateways.slice(0, GATEWAYS_MAX).map(gateway => toReported(gateway, rollout.newestHash)),
    gatewaysLeftOut: Math.max(0, fleet.gateways.length - GATEWAYS_MAX),
    rollout: { isOn: isRollingOut(rollout), ready: rollout.newestReady, wanted: rollout.wanted },
    isScaleInNear: isScaleInNear(fleet),
    rebalance: {
      mode: fleet.deployment?.rebalance ?? 'off',
      phase: view.phase,
      obstacle: view.obstacle ?? null,
      spread: view.spread === undefined ? null : Math.round(view.spread * 1_000) / 1_000,
      plan,
    },
    decisions,
  };
}

function toReported({ pod, status }: Gateway, newestHash: string | undefined): ReportedGateway {
  return {
    name: pod.name,
    node: pod.node ?? null,
    templateHash: pod.templateHash ?? null,
    isNewest: newestHash === undefined || pod.templateHash === newestHash,
    state: pod.isEjected ? 'ejected' : pod.state,
    phase: status?.phase ?? null,
    sessions: status?.sessions ?? null,
    connections: status?.connections ?? null,
    channels: status?.channels ?? null,
    sheddingLeft: status?.sheddingLeft ?? null,
    broker: status?.broker ?? null,
    version: status?.version ?? null,
    startedAt: status === undefined ? null : new Date(status.startedAtMs).toISOString(),
    drainAskedAt: pod.drainAskedAt ?? null,
    deletionCost: pod.deletionCost ?? null,
  };
}

/** The decisions of a report that was written earlier; none where it cannot be read. */
export function decisionsOf(text: string): readonly LoggedDecision[] {
  return listAt(parseJson(text), 'decisions').flatMap(decision => {
    const [at, reason, note] = ['at', 'reason', 'note'].map(member => textAt(decision, member));
    return at === undefined || reason === undefined || note === undefined ? [] : [{ at, reason, note }];
  });
}
