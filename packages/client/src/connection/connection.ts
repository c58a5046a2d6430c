import { assertNever } from '@kittiwake/base';
import {
  type ClientMessage,
  type Connected,
  type ErrorMessage,
  PROTOCOL_VERSION,
  type Ref,
  SUBPROTOCOL,
  type WireData,
} from '@kittiwake/protocol';
import { LiveSocket } from '../transport/live-socket.ts';
import type { ConnectionEffect, ConnectionEvent } from './connection-event.ts';
import type { ConnectionDeps, ConnectionHandler } from './connection-port.ts';
import type { ConnectionState, Ending, Link } from './connection-state.ts';
import { PhaseTimers } from './phase-timers.ts';
import { type ConnectionStatus, statusOf } from './status.ts';
import { fetchToken } from './token-source.ts';
import { transition } from './transition.ts';

/** Runs the state machine of `transition.ts`: owns the socket and the timers, and decides nothing itself. */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #handler: ConnectionHandler;
  readonly #timers: PhaseTimers;
  readonly #socket: LiveSocket;
  #state: ConnectionState = { phase: 'idle' };
  #status: ConnectionStatus = { phase: 'idle' };
  #lastEnding: Ending | undefined;
  /** Counts dials and fetches of tokens: what belongs to an earlier one is not heard. */
  #generation = 0;
  #connectRef: Ref | undefined;
  /** Connects that were sent, so that a gateway which gets one of them late can tell (SPEC S6). */
  #attempt = 0;
  #refresh: { readonly ref: Ref; readonly token: string } | undefined;
  #stopHints: (() => void) | undefined;

  constructor(deps: ConnectionDeps, handler: ConnectionHandler) {
    this.#deps = deps;
    this.#handler = handler;
    this.#socket = new LiveSocket(deps.transport);
    this.#timers = new PhaseTimers(deps.clock, timer => this.#dispatch({ type: 'timer', timer }));
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
    this.#socket.abandon(4440, 'interrupted');
    this.#dispatch({ type: 'socket-closed', code: 1006 });
  }

  /** Sends an encoded message; false where there is no session to send it in. */
  send(data: WireData): boolean {
    return this.#state.phase === 'connected' && this.#socket.send(data);
  }

  #dispatch(event: ConnectionEvent): void {
    const { clock, policy, random } = this.#deps;
    const before = this.#state;
    const context = { policy, random, nowMs: clock.monotonicMs(), wallNowMs: clock.nowMs() };
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
    if (before.phase === 'connected') this.#refresh = undefined;
    if (state.phase === 'closed') {
      this.#stopHints?.();
      this.#stopHints = undefined;
      this.#generation += 1;
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
        this.#fetchToken();
        return;
      case 'dial':
        this.#dial();
        return;
      case 'send-connect':
        this.#sendConnect(effect);
        return;
      case 'send-refresh':
        this.#refresh = { ref: this.#deps.nextRef(), token: effect.token };
        this.#transmit({ type: 'refresh', ...this.#refresh });
        return;
      case 'probe':
        this.#transmit({ type: 'ping' });
        return;
      case 'abandon':
        this.#socket.abandon(effect.code, effect.reason);
        return;
      case 'start-timer':
        this.#timers.start(effect.timer, effect.delayMs);
        return;
      default:
        assertNever(effect);
    }
  }

  #fetchToken(): void {
    this.#generation += 1;
    const generation = this.#generation;
    // A slow callback may answer after the phase that asked has timed out, or in the middle of the next attempt:
    //   fetch 1 ──────────────────────✗ (generation has moved on)
    //        timeout ▶ waiting ▶ fetch 2 ───▶ token
    void fetchToken(this.#deps.token).then(outcome => {
      if (generation !== this.#generation) return;
      if ('token' in outcome) return this.#dispatch({ type: 'token', token: outcome.token });
      this.#dispatch({ type: 'token-failed', final: outcome.final });
      this.#handler.tokenFailed(outcome.failed);
    });
  }

  #dial(): void {
    this.#generation += 1;
    const { url, codec } = this.#deps;
    this.#socket.dial(
      { url, protocols: [SUBPROTOCOL[codec.format]] },
      {
        opened: () => this.#dispatch({ type: 'opened' }),
        received: data => this.#received(data),
        closed: code => this.#dispatch({ type: 'socket-closed', code }),
      },
    );
  }

  #sendConnect({ token, session }: Extract<ConnectionEffect, { type: 'send-connect' }>): void {
    this.#connectRef = this.#deps.nextRef();
    const message = {
      type: 'connect',
      ref: this.#connectRef,
      protocol: PROTOCOL_VERSION,
      token,
      client: this.#deps.clientName,
    } as const;
    this.#attempt += 1;
    this.#transmit(session === undefined ? message : { ...message, session, attempt: this.#attempt });
  }

  #transmit(message: ClientMessage): void {
    this.#socket.send(this.#deps.codec.encode(message));
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
        if (message.ref === this.#connectRef) this.#dispatch({ type: 'connected', link: linkOf(message) });
        return;
      case 'refreshed':
        this.#refreshed(message.ref, message.expiresAtMs);
        return;
      case 'ping':
        this.#transmit(message.ref === undefined ? { type: 'pong' } : { type: 'pong', ref: message.ref });
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

  #refreshed(ref: Ref, expiresAtMs: number): void {
    if (this.#refresh?.ref !== ref) return;
    this.#dispatch({ type: 'refreshed', token: this.#refresh.token, expiresAtMs });
    this.#refresh = undefined;
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
    if (message.ref !== this.#refresh?.ref) return false;
    this.#refresh = undefined;
    this.#dispatch({ type: 'refresh-failed' });
    return true;
  }
}

function linkOf({
  session,
  user,
  gateway,
  expiresAtMs,
  pingIntervalMs,
  pingTimeoutMs,
  messageBytesMax,
}: Connected): Link {
  return { session, user, gateway, expiresAtMs, pingIntervalMs, pingTimeoutMs, messageBytesMax };
}
