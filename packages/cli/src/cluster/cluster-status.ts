import { err, ok, type Result } from '@kittiwake/base';
import type { CliProblem } from '../cli-problem.ts';

/** What the controller wrote, as far as it is shown. `undefined`: not known. */
export type ClusterStatus = {
  readonly writtenAt: string;
  readonly gateways: readonly ShownGateway[];
  readonly gatewaysLeftOut: number;
  readonly rollout: { readonly isOn: boolean; readonly ready: number; readonly wanted: number };
  readonly isScaleInNear: boolean;
  readonly rebalance: {
    readonly mode: string;
    readonly phase: string;
    readonly obstacle: string | undefined;
    readonly spread: number | undefined;
    readonly plan: readonly {
      readonly gateway: string;
      readonly sessions: number;
      readonly perSecond: number;
    }[];
  };
  readonly decisions: readonly ShownDecision[];
};

export type ShownGateway = {
  readonly name: string;
  readonly node: string | undefined;
  readonly isNewest: boolean;
  readonly state: string;
  readonly phase: string | undefined;
  readonly sessions: number | undefined;
  readonly channels: number | undefined;
  readonly sheddingLeft: number | undefined;
  readonly broker: string | undefined;
  readonly version: string | undefined;
  readonly startedAt: string | undefined;
  readonly drainAskedAt: string | undefined;
};

export type ShownDecision = { readonly at: string; readonly reason: string; readonly note: string };

/** Reads it; a controller of another version may say more, or less. */
export function parseClusterStatus(text: string): Result<ClusterStatus, CliProblem> {
  const status = parse(text);
  const writtenAt = textOf(status['writtenAt']);
  if (writtenAt === undefined) {
    return err({
      message: 'ConfigMap kittiwake-status holds no status.',
      next: 'Is the controller of the same version? kubectl logs -l app.kubernetes.io/component=controller',
    });
  }
  const rollout = recordOf(status['rollout']);
  return ok({
    writtenAt,
    gateways: listOf(status['gateways']).map(toGateway),
    gatewaysLeftOut: numberOf(status['gatewaysLeftOut']) ?? 0,
    rollout: {
      isOn: rollout['isOn'] === true,
      ready: numberOf(rollout['ready']) ?? 0,
      wanted: numberOf(rollout['wanted']) ?? 0,
    },
    isScaleInNear: status['isScaleInNear'] === true,
    rebalance: toRebalance(recordOf(status['rebalance'])),
    decisions: listOf(status['decisions']).map(({ at, reason, note }) => ({
      at: textOf(at) ?? '',
      reason: textOf(reason) ?? '',
      note: textOf(note) ?? '',
    })),
  });
}

type Json = { readonly [member: string]: unknown };

function toGateway(gateway: Json): ShownGateway {
  return {
    name: textOf(gateway['name']) ?? '?',
    node: textOf(gateway['node']),
    isNewest: gateway['isNewest'] !== false,
    state: textOf(gateway['state']) ?? '?',
    phase: textOf(gateway['phase']),
    sessions: numberOf(gateway['sessions']),
    channels: numberOf(gateway['channels']),
    sheddingLeft: numberOf(gateway['sheddingLeft']),
    broker: textOf(gateway['broker']),
    version: textOf(gateway['version']),
    startedAt: textOf(gateway['startedAt']),
    drainAskedAt: textOf(gateway['drainAskedAt']),
  };
}

function toRebalance(rebalance: Json): ClusterStatus['rebalance'] {
  return {
    mode: textOf(rebalance['mode']) ?? '?',
    phase: textOf(rebalance['phase']) ?? '?',
    obstacle: textOf(rebalance['obstacle']),
    spread: numberOf(rebalance['spread']),
    plan: listOf(rebalance['plan']).map(({ gateway, sessions, perSecond }) => ({
      gateway: textOf(gateway) ?? '?',
      sessions: numberOf(sessions) ?? 0,
      perSecond: numberOf(perSecond) ?? 0,
    })),
  };
}

function parse(text: string): Json {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function recordOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
