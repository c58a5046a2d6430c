import { assertNever, type Millis } from '@kittiwake/base';
import type { Retry, SessionId, UserId } from '@kittiwake/protocol';
import type { ConnectionState, Ending } from './connection-state.ts';

/** How the connection stands, as an application shows it. The same object is returned until something changes. */
export type ConnectionStatus =
  | { readonly phase: 'idle' }
  /** The first attempt. */
  | { readonly phase: 'connecting' }
  | {
      readonly phase: 'connected';
      readonly session: SessionId;
      readonly user: UserId;
      readonly gateway: string;
    }
  /** Lost, or not made yet; the SDK goes on trying. `retryInMs` counts from the moment of this status. */
  | {
      readonly phase: 'reconnecting';
      readonly failures: number;
      readonly reason: string;
      readonly retryInMs?: Millis;
    }
  /** As `reconnecting`, for longer than `suspendAfterMs`: time to tell the user. */
  | {
      readonly phase: 'suspended';
      readonly failures: number;
      readonly reason: string;
      readonly retryInMs?: Millis;
    }
  /** Nothing more happens until `connect()`. */
  | { readonly phase: 'closed'; readonly reason: string; readonly code?: number; readonly retry: Retry };

/** The public status of a state; `last` is why the connection before it ended. */
export function statusOf(state: ConnectionState, last: Ending | undefined): ConnectionStatus {
  switch (state.phase) {
    case 'idle':
      return { phase: 'idle' };
    case 'authorizing':
    case 'connecting':
    case 'waiting': {
      const { failures, suspended } = state.outage;
      if (failures === 0) return { phase: 'connecting' };
      const retry = state.phase === 'waiting' ? { retryInMs: state.delayMs } : {};
      return {
        phase: suspended ? 'suspended' : 'reconnecting',
        failures,
        reason: last?.reason ?? 'unknown',
        ...retry,
      };
    }
    case 'connected': {
      const { session, user, gateway } = state.link;
      return { phase: 'connected', session, user, gateway };
    }
    case 'closed': {
      const { reason, code, retry } = state.ending;
      return { phase: 'closed', reason, retry, ...(code === undefined ? {} : { code }) };
    }
    default:
      return assertNever(state);
  }
}
