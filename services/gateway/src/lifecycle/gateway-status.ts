import type { DrainPhase } from './drain.ts';

/** How a gateway stands, as `GET /status` tells the controller and people; no secrets, nothing about anybody. */
export type GatewayStatus = {
  readonly gateway: string;
  readonly version: string;
  readonly phase: DrainPhase;
  readonly connections: number;
  readonly sessions: number;
  readonly channels: number;
  /** Sessions that are still to be asked to move; `null` while none are. */
  readonly shedding: { readonly left: number } | null;
  readonly broker: 'ready' | 'degraded';
  /** Wall clock, milliseconds since 1970. */
  readonly startedAtMs: number;
};
