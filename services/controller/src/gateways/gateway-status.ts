import { at, numberAt, textAt } from '../decode/json-view.ts';

/** What a gateway says about itself at `GET /status` of its operations port. */
export type GatewayStatus = {
  /** Its id, which is the name of its pod. */
  readonly gateway: string;
  readonly version: string;
  readonly phase: GatewayPhase;
  readonly connections: number;
  readonly sessions: number;
  readonly channels: number;
  /** Sessions that a shed under way has not moved yet; `undefined` while none is under way. */
  readonly sheddingLeft: number | undefined;
  readonly broker: 'ready' | 'degraded';
  /** Wall-clock time of its process's start. */
  readonly startedAtMs: number;
};

/**
 * - `serving`: takes connections.
 * - `held`: was told to stop, keeps its sessions until somebody says that the others are ready.
 * - `draining`: hands its sessions over. `drained`: has none left.
 */
export type GatewayPhase = (typeof GATEWAY_PHASES)[number];

const GATEWAY_PHASES = ['serving', 'held', 'draining', 'drained'] as const;

/** Reads the answer; `undefined` where a member is missing or makes no sense: a number that is wrong moves clients. */
export function toGatewayStatus(answer: unknown): GatewayStatus | undefined {
  const gateway = textAt(answer, 'gateway');
  const phase = GATEWAY_PHASES.find(known => known === textAt(answer, 'phase'));
  const connections = countAt(answer, 'connections');
  const sessions = countAt(answer, 'sessions');
  const channels = countAt(answer, 'channels');
  const startedAtMs = countAt(answer, 'startedAtMs');
  const isShedding = typeof at(answer, 'shedding') === 'object' && at(answer, 'shedding') !== null;
  const sheddingLeft = countAt(answer, 'shedding', 'left');
  if (gateway === undefined || phase === undefined || connections === undefined) return undefined;
  if (sessions === undefined || channels === undefined || startedAtMs === undefined) return undefined;
  if (isShedding && sheddingLeft === undefined) return undefined;
  const version = textAt(answer, 'version') ?? '';
  const broker = textAt(answer, 'broker') === 'ready' ? 'ready' : 'degraded';
  return { gateway, version, phase, connections, sessions, channels, sheddingLeft, broker, startedAtMs };
}

function countAt(value: unknown, ...path: readonly string[]): number | undefined {
  const count = numberAt(value, ...path);
  return count !== undefined && Number.isFinite(count) && count >= 0 ? count : undefined;
}
