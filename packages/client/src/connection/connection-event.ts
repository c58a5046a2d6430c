import type { Millis } from '@kittiwake/base';
import type { Goaway, SessionId } from '@kittiwake/protocol';
import type { Ending, Link } from './connection-state.ts';

/** Timers that a phase may own; all of them end with the phase. */
export type TimerName =
  | 'token'
  | 'connect'
  | 'retry'
  | 'silence'
  | 'wake'
  | 'stable'
  | 'refresh'
  | 'goaway'
  | 'probe';

/** What can happen to a connection. */
export type ConnectionEvent =
  | { readonly type: 'connect' }
  | { readonly type: 'close' }
  | { readonly type: 'token'; readonly token: string }
  /** The token callback failed; `final` where it said that there will be none. */
  | { readonly type: 'token-failed'; readonly final: boolean }
  | { readonly type: 'opened' }
  | { readonly type: 'connected'; readonly link: Link }
  /** The gateway answered `connect` with an error. */
  | { readonly type: 'refused'; readonly ending: Ending }
  /** `retryAfterMs`: what was answered to a handshake that was refused, in whole seconds. */
  | { readonly type: 'socket-closed'; readonly code: number; readonly retryAfterMs?: Millis | undefined }
  /** `expiresInMs`: what is left of the new token at this moment. */
  | { readonly type: 'refreshed'; readonly token: string; readonly expiresInMs: Millis }
  | { readonly type: 'refresh-failed' }
  | { readonly type: 'goaway'; readonly goaway: Goaway }
  /** Another gateway has taken the session in, while the connection before still stands. */
  | { readonly type: 'moved'; readonly link: Link }
  /** The platform says that the network, or the user, is back. */
  | { readonly type: 'hint' }
  /**
   * A timer of this phase fired. `silence` and `probe` come only where nothing was heard meanwhile, `wake` where time has
   * passed in which no timer ran.
   */
  | { readonly type: 'timer'; readonly timer: TimerName };

/** What the shell does for a transition, in order. */
export type ConnectionEffect =
  | { readonly type: 'fetch-token' }
  /** `resumes`: there is a session to continue, which the gateway may let in first (SPEC K19). */
  | { readonly type: 'dial'; readonly resumes: boolean }
  | { readonly type: 'send-connect'; readonly token: string; readonly session?: SessionId }
  | { readonly type: 'send-refresh'; readonly token: string }
  | { readonly type: 'probe' }
  /** Forgets the socket at once and closes it with `code`; its own close event is not waited for. */
  | { readonly type: 'abandon'; readonly code: number; readonly reason: string }
  /** Look for another gateway, from then on. */
  | { readonly type: 'move'; readonly afterMs: Millis }
  | { readonly type: 'start-timer'; readonly timer: TimerName; readonly delayMs: Millis }
  | { readonly type: 'cancel-timer'; readonly timer: TimerName };
