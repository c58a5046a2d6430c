import type { ClusterStatus, ShownGateway } from './cluster-status.ts';
import { type Column, toTable } from './to-table.ts';

const GATEWAYS: readonly Column[] = [
  { heading: 'GATEWAY' },
  { heading: 'NODE' },
  { heading: 'STATE' },
  { heading: 'SESSIONS', align: 'right' },
  { heading: 'CHANNELS', align: 'right' },
  { heading: 'BROKER' },
  { heading: 'VERSION' },
  { heading: 'UP', align: 'right' },
];

/** The status as tables and sentences. `nowMs` is this machine's: for ages, in the coarse units that people think in. */
export function describeStatus(status: ClusterStatus, nowMs: number): string {
  const rows = status.gateways.map(gateway => gatewayRow(gateway, nowMs));
  const parts = [
    toTable(GATEWAYS, rows) + leftOut(status),
    `${describeSessions(status)}\n${describeRollout(status)}\n${describeRebalance(status)}`,
    ...(status.rebalance.plan.length === 0 ? [] : [describePlan(status)]),
    ...(status.decisions.length === 0 ? [] : [describeDecisions(status)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Who would shed how many, how fast. */
export function describePlan({ rebalance }: ClusterStatus): string {
  const columns: readonly Column[] = [
    { heading: 'WOULD SHED' },
    { heading: 'SESSIONS', align: 'right' },
    { heading: 'A SECOND', align: 'right' },
  ];
  return toTable(
    columns,
    rebalance.plan.map(({ gateway, sessions, perSecond }) => [gateway, String(sessions), String(perSecond)]),
  );
}

/** One sentence: how many gateways and sessions, and how evenly. */
export function describeSessions({ gateways, rebalance }: ClusterStatus): string {
  const serving = gateways.filter(({ phase }) => phase === 'serving').length;
  const sessions = gateways.reduce((sum, gateway) => sum + (gateway.sessions ?? 0), 0);
  const spread = rebalance.spread === undefined ? 'unknown' : `${Math.round(rebalance.spread * 100)} %`;
  return `${serving} of ${gateways.length} gateways serve, ${sessions} sessions, spread ${spread}`;
}

function gatewayRow(gateway: ShownGateway, nowMs: number): readonly string[] {
  const { name, node, sessions, channels, broker, version, startedAt } = gateway;
  return [
    name,
    node ?? '-',
    stateOf(gateway),
    sessions === undefined ? '-' : String(sessions),
    channels === undefined ? '-' : String(channels),
    broker ?? '-',
    version ?? '-',
    startedAt === undefined ? '-' : ageOf(nowMs - Date.parse(startedAt)),
  ];
}

/** Phase first, then whatever is not as it usually is. */
function stateOf({ phase, state, sheddingLeft, drainAskedAt, isNewest }: ShownGateway): string {
  const remarks = [
    ...(phase === undefined || state === 'ready' || phase === 'held' ? [] : [state.replace('_', ' ')]),
    ...(sheddingLeft === undefined ? [] : [`sheds ${sheddingLeft}`]),
    ...(drainAskedAt !== undefined && phase === 'serving' ? ['asked to drain'] : []),
    ...(isNewest ? [] : ['old']),
  ];
  const word = phase ?? state.replace('_', ' ');
  return remarks.length === 0 ? word : `${word} (${remarks.join(', ')})`;
}

function describeRollout({ rollout, isScaleInNear }: ClusterStatus): string {
  const on = rollout.isOn
    ? `rollout: ${rollout.ready} of ${rollout.wanted} new gateways are ready`
    : 'no rollout';
  return isScaleInNear ? `${on}, a scale-in is near` : on;
}

function describeRebalance({ rebalance: { mode, phase, obstacle } }: ClusterStatus): string {
  return `rebalancing: ${mode}, ${phase}${obstacle === undefined ? '' : `; in the way: ${obstacle.replace('_', ' ')}`}`;
}

function describeDecisions({ decisions }: ClusterStatus): string {
  const rows = decisions.map(({ at, reason, note }) => [at.slice(0, 19).replace('T', ' '), reason, note]);
  return toTable([{ heading: 'DECIDED (UTC)' }, { heading: 'WHAT' }, { heading: '' }], rows);
}

function leftOut({ gatewaysLeftOut }: ClusterStatus): string {
  return gatewaysLeftOut === 0 ? '' : `\n… and ${gatewaysLeftOut} more`;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

function ageOf(ms: number): string {
  if (!Number.isFinite(ms)) return '-';
  const [unit, size] = UNITS.find(([, length]) => ms >= 2 * length) ?? ['s', 1_000];
  return `${Math.max(0, Math.floor(ms / size))}${unit}`;
}
