import { assertNever, type Millis } from '@kittiwake/base';
import { type ClientMessage, type ErrorMessage, pongTo, type Ref, type WireData } from '@kittiwake/protocol';
import type { ConnectionEffect, ConnectionEvent } from './connection-event.ts';
import type { ConnectionDeps, ConnectionHandler } from './connection-port.ts';
import type { ConnectionState, Ending, Link } from './connection-state.ts';
import { dialRequest } from './dial-request.ts';
import type { Former } from './former.ts';
import { Greeting } from './greeting.ts';
import { linkOf } from './link.ts';
import { PhaseTimers } from './phase-timers.ts';
import { Refreshing } from './refreshing.ts';
import { Sockets } from './sockets.ts';
import { type ConnectionStatus, statusOf } from './status.ts';
import { TokenFetch } from './token-fetch.ts';
import type { TokenOutcome } from './token-source.ts';
import { transition } from './transition.ts';

/** Runs the state machine of `transition.ts`: owns the socket and the timers, and decides nothing itself. */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #handler: ConnectionHandler;
  readonly #timers: PhaseTimers;
  readonly #greeting: Greeting;
  readonly #refreshing: Refreshing;
  readonly #sockets: Sockets;
  readonly #tokenFetch: TokenFetch;
  #state: ConnectionState = { phase: 'idle' };
  #status: ConnectionStatus = { phase: 'idle' };
  #lastEnding: Ending | undefined;
  #connectRef: Ref | undefined;
  #stopHints: (() => void) | undefined;

  constructor(deps: ConnectionDeps, handler: ConnectionHandler) {
    this.#deps = deps;
    this.#handler = handler;
    this.#greeting = new Greeting(deps);
    this.#refreshing = new Refreshing(deps.nextRef);
    this.#tokenFetch = new TokenFetch(deps.token, outcome => this.#tokenFetched(outcome));
    this.#timers = new PhaseTimers(deps.clock, timer => this.#dispatch({ type: 'timer', timer }));
    this.#sockets = new Sockets(
      {
        ...deps,
        request: dialRequest(deps),
        connectTimeoutMs: deps.policy.connectTimeoutMs,
        hello: () => this.#greeting.elsewhere(this.#state),
      },
      {
        current: {
          opened: () => this.#dispatch({ type: 'opened' }),
          received: data => this.#received(data),
          closed: (code, retryAfterMs) => this.#dispatch({ type: 'socket-closed', code, retryAfterMs }),
        },
        moved: link => this.#moved(link),
        receivedFormer: message => handler.receivedFormer(message),
        departed: () => handler.departed(),
      },
    );
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** Begins to connect, or cuts the wait before the next attempt short. Does nothing while connected. */
  connect(): void {
    this.#stopHints ??= this.#deps.hints(() => this.#dispatch({ type: 'hint' }));
    this.#dispatch({ type: 'connect' });
  }

  /** Closes for good. Idempotent; leaves no timer and no socket (SPEC K12). */
  close(): void {
    this.#dispatch({ type: 'close' });
  }

  /** Breaks the connection as a network would; the SDK then comes back by itself. For demonstrations and tests. */
  interrupt(): void {
    if (this.#state.phase !== 'connected') return;
    this.#sockets.current.abandon(4440, 'interrupted');
    this.#dispatch({ type: 'socket-closed', code: 1006 });
  }

  /** The connection that the session has moved from: whether it stands, and how to leave it. */
  get former(): Pick<Former, 'stands' | 'leave'> {
    return this.#sockets.former;
  }

  /** Sends an encoded message; false where there is no session to send it in. */
  send(data: WireData): boolean {
    return this.#state.phase === 'connected' && this.#sockets.current.send(data);
  }

  #dispatch(event: ConnectionEvent): void {
    const { clock, policy, random } = this.#deps;
    const before = this.#state;
    const context = { policy, random, nowMs: clock.monotonicMs() };
    const { state, effects } = transition(before, event, context);
    this.#state = state;
    if (state.phase === 'waiting' || state.phase === 'closed') this.#lastEnding = state.ending;
    const changed = state.phase !== before.phase;
    if (changed) this.#leavePhase(before, state);
    for (const effect of effects) this.#run(effect);
    if (!changed) return;
    this.#announce(before, state);
  }

  #leavePhase(before: ConnectionState, state: ConnectionState): void {
    this.#timers.cancelAll();
    if (before.phase === 'connected') {
      this.#refreshing.forget();
      this.#sockets.ended();
    }
    if (state.phase === 'closed') {
      this.#stopHints?.();
      this.#stopHints = undefined;
      this.#tokenFetch.forget();
    }
  }

  /** The status first: who reacts to `established` or `lost` sees what is true now, and may close in answer. */
  #announce(before: ConnectionState, state: ConnectionState): void {
    this.#status = statusOf(state, this.#lastEnding);
    if (before.phase === 'connected') this.#handler.lost();
    if (state.phase === 'connected' && this.#state === state) this.#handler.established(state.link);
    this.#handler.statusChanged(this.#status);
  }

  #run(effect: ConnectionEffect): void {
    switch (effect.type) {
      case 'fetch-token':
        this.#tokenFetch.begin();
        return;
      case 'dial':
        this.#tokenFetch.forget();
        this.#sockets.dial(effect.resumes);
        return;
      case 'send-connect':
        this.#sendConnect(effect);
        return;
      case 'send-refresh':
        this.#transmit(this.#refreshing.ask(effect.token));
        return;
      case 'probe':
        this.#transmit({ type: 'ping' });
        return;
      case 'abandon':
        this.#sockets.current.abandon(effect.code, effect.reason);
        return;
      case 'move':
        this.#sockets.moveAfter(effect.afterMs);
        return;
      case 'start-timer':
        this.#timers.start(effect.timer, effect.delayMs);
        return;
      case 'cancel-timer':
        this.#timers.cancel(effect.timer);
        return;
      default:
        assertNever(effect);
    }
  }

  #tokenFetched(outcome: TokenOutcome): void {
    if ('token' in outcome) {
      this.#dispatch({ type: 'token', token: outcome.token });
      return;
    }
    this.#dispatch({ type: 'token-failed', final: outcome.final });
    this.#handler.tokenFailed(outcome.failed);
  }

  #sendConnect({ token, session }: Extract<ConnectionEffect, { type: 'send-connect' }>): void {
    const message = this.#greeting.connect(token, session);
    this.#connectRef = message.ref;
    this.#transmit(message);
  }

  #moved(link: Link): void {
    this.#refreshing.forget();
    this.#dispatch({ type: 'moved', link });
    this.#status = statusOf(this.#state, this.#lastEnding);
    this.#handler.moved();
    this.#handler.statusChanged(this.#status);
  }

  #transmit(message: ClientMessage): void {
    this.#sockets.current.send(this.#deps.codec.encode(message));
  }

  #received(data: WireData): void {
    const decoded = this.#deps.codec.decodeServer(data);
    this.#timers.heard();
    if (!decoded.ok) {
      this.#handler.unreadable(decoded.error.message);
      return;
    }
    const message = decoded.value;
    switch (message.type) {
      case 'connected':
        if (message.ref === this.#connectRef)
          this.#dispatch({ type: 'connected', link: linkOf(message, this.#deps.clock.monotonicMs()) });
        return;
      case 'refreshed':
        this.#refreshed(message.ref, message.expiresInMs);
        return;
      case 'ping':
        this.#transmit(pongTo(message));
        return;
      case 'goaway':
        this.#dispatch({ type: 'goaway', goaway: message });
        this.#handler.received(message);
        return;
      case 'error':
        if (!this.#refused(message)) this.#handler.received(message);
        return;
      default:
        this.#handler.received(message);
        return;
    }
  }

  #refreshed(ref: Ref, expiresInMs: Millis): void {
    const token = this.#refreshing.answered(ref);
    if (token !== undefined) this.#dispatch({ type: 'refreshed', token, expiresInMs });
  }

  /** Whether the error answers one of the connection's own requests. */
  #refused(message: ErrorMessage): boolean {
    if (message.ref === undefined) return false;
    if (this.#state.phase === 'connecting' && message.ref === this.#connectRef) {
      const { kind: reason, retry, retryAfterMs } = message;
      this.#dispatch({
        type: 'refused',
        ending: { reason, retry, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
      });
      return true;
    }
    if (this.#refreshing.answered(message.ref) === undefined) return false;
    this.#dispatch({ type: 'refresh-failed' });
    return true;
  }
}
