import { assertNever } from '@kittiwake/base';
import {
  CLOSE_CODES,
  type ClientMessage,
  type CloseCode,
  type Goaway,
  pongTo,
  type SessionId,
  type UserId,
} from '@kittiwake/protocol';
import { BugGuard } from './bug-guard.ts';
import { type ConnectedOnlyMessage, EarlyMessages } from './early-messages.ts';
import { InboundGate } from './inbound-gate.ts';
import type { Peer } from './peer.ts';
import { PeerWriter } from './peer-writer.ts';
import { Requests } from './requests.ts';
import { RoundTrip } from './round-trip.ts';
import type { SessionDeps } from './session-deps.ts';
import { type OutwardEffect, SessionMachine } from './session-machine.ts';
import type { RegisteredSession } from './session-registry.ts';
import { supersedes } from './supersedes.ts';

type Established = Pick<RegisteredSession, 'id' | 'user' | 'attempt'>;

/**
 * One client's conversation over one peer: the shell around `transition`. It asks the transition, does the effects, and
 * hands requests to their handlers. A broken belief in here closes this session only (ADR-0001).
 */
export class Session {
  readonly #peer: Peer;
  readonly #deps: SessionDeps;
  readonly #handshakeToken: string | undefined;
  readonly #guard: BugGuard;
  readonly #machine: SessionMachine;
  readonly #gate: InboundGate;
  readonly #writer: PeerWriter;
  readonly #requests: Requests;
  readonly #roundTrip: RoundTrip;
  readonly #early = new EarlyMessages();
  readonly #openedMs: number;
  #established: Established | undefined;
  /** Who asked for a move, and waits for its end: a shed, and the drain that came upon it. */
  readonly #gone: (() => void)[] = [];

  constructor(peer: Peer, handshakeToken: string | undefined, deps: SessionDeps) {
    const { clock, metrics, settings } = deps;
    this.#peer = peer;
    this.#handshakeToken = handshakeToken;
    this.#deps = deps;
    this.#guard = new BugGuard(deps, () => this.#close(1011));
    this.#machine = new SessionMachine({
      ...deps,
      perform: effect => this.#perform(effect),
      onBug: reason => this.#guard.caught(reason),
    });
    this.#gate = new InboundGate({
      format: peer.format,
      clock,
      metrics,
      limit: deps.limiter(),
      malformedMax: settings.malformedMax,
    });
    this.#writer = new PeerWriter(peer, metrics, () => this.#close(4431));
    this.#requests = new Requests({
      deps,
      format: peer.format,
      writer: this.#writer,
      state: () => this.#machine.state,
      close: code => this.#close(code),
      onBug: reason => this.#guard.caught(reason),
    });
    this.#roundTrip = new RoundTrip(clock, metrics);
    this.#openedMs = clock.monotonicMs();
  }

  /** Empty until the session is established. */
  get id(): SessionId {
    return this.#established?.id ?? ('' as SessionId);
  }

  get user(): UserId {
    return this.#established?.user ?? ('' as UserId);
  }

  get attempt(): number | undefined {
    return this.#established?.attempt;
  }

  /** Starts the connect deadline. */
  open(): void {
    this.#machine.on({ event: 'opened' });
  }

  /** Takes what the peer sent. Nothing that arrives makes it throw (SPEC M4, X1). */
  receive(data: string | Uint8Array): void {
    this.#guard.run(() => this.#receive(data));
  }

  /** The peer is gone. */
  closed(code: number): void {
    this.#guard.run(() => this.#end(code));
  }

  ping(): void {
    this.#roundTrip.pinged();
    this.#writer.send({ type: 'ping' });
  }

  timedOut(): void {
    this.#close(4440);
  }

  replaced(): void {
    this.#close(4409);
  }

  disconnected(): void {
    this.#close(4410);
  }

  /** Asks the client to move (SPEC D2); `gone` is called as soon as its peer is gone. */
  goaway(ask: Required<Omit<Goaway, 'type'>>, gone: () => void): void {
    if (this.#machine.state.phase === 'closed') {
      gone();
      return;
    }
    this.#gone.push(gone);
    this.#writer.send({ type: 'goaway', ...ask });
  }

  /** Closes after a `goaway`. */
  close(): void {
    this.#close(4450);
  }

  #receive(data: string | Uint8Array): void {
    if (this.#machine.state.phase === 'closed') return;
    this.#deps.heartbeat.heard(this);
    const admission = this.#gate.admit(data, this.#machine.state.phase === 'connected');
    if (admission.verdict === 'pass') this.#onMessage(admission.message);
    else {
      this.#writer.fail(admission.failure, admission.about);
      if (admission.close !== undefined) this.#close(admission.close);
    }
  }

  #onMessage(message: ClientMessage): void {
    switch (message.type) {
      case 'connect':
        this.#machine.on({ event: 'connect', message, handshakeToken: this.#handshakeToken });
        break;
      case 'ping':
      case 'pong':
        this.#onPingPong(message);
        break;
      default:
        this.#onConnectedOnly(message);
    }
  }

  /** Before `connect` it closes; while the token is being verified it waits; then it is done (SPEC S2). */
  #onConnectedOnly(message: ConnectedOnlyMessage): void {
    const { state } = this.#machine;
    if (state.phase === 'authenticating') {
      if (!this.#early.hold(message)) this.#close(4429);
    } else if (state.phase !== 'connected') this.#machine.on({ event: 'request', type: message.type });
    else if (message.type === 'refresh') this.#machine.on({ event: 'refresh', message });
    else this.#requests.handle(message, state);
  }

  #onPingPong(message: Extract<ClientMessage, { type: 'ping' | 'pong' }>): void {
    const { type, ref } = message;
    if (this.#machine.state.phase !== 'connected') this.#machine.on({ event: 'request', type });
    else if (type === 'ping') this.#writer.send(pongTo(message));
    else if (ref === undefined) this.#roundTrip.ponged();
    else this.#requests.ponged(ref);
  }

  #takeEarly(): void {
    for (const message of this.#early.take()) this.#onConnectedOnly(message);
  }

  #perform(effect: OutwardEffect): void {
    switch (effect.effect) {
      case 'send':
        this.#writer.send(effect.message);
        if (effect.message.type === 'connected') this.#takeEarly();
        break;
      case 'fail':
        this.#writer.fail(effect, effect.ref === undefined ? {} : { ref: effect.ref });
        break;
      case 'establish':
        this.#establish(effect);
        break;
      case 'close':
        this.#closePeer(effect.code);
        break;
      default:
        assertNever(effect);
    }
  }

  #establish({ id, identity, continued, attempt }: Extract<OutwardEffect, { effect: 'establish' }>): void {
    const { registry, heartbeat, bus, metrics, clock, settings } = this.#deps;
    const live = registry.get(id);
    if (live !== undefined && !supersedes(attempt, live.attempt)) {
      this.#close(4409);
      return;
    }
    // The session that this one continues makes room for it.
    const others = registry.countOf(identity.user) - (live === undefined ? 0 : 1);
    if (others >= settings.sessionsPerUserMax) {
      this.#close(4430);
      return;
    }
    this.#established = { id, user: identity.user, attempt };
    registry.add(this);
    heartbeat.add(this);
    if (continued) {
      const counted = attempt === undefined ? {} : { attempt };
      void bus.broadcast({ type: 'session-continued', session: id, gateway: settings.gateway, ...counted });
    }
    metrics.observe('kittiwake_connect_duration_seconds', (clock.monotonicMs() - this.#openedMs) / 1_000);
  }

  #close(code: CloseCode): void {
    if (this.#machine.state.phase === 'closed') return;
    this.#machine.on({ event: 'closed', code });
    this.#closePeer(code);
  }

  #closePeer(code: CloseCode): void {
    this.#peer.close(code, CLOSE_CODES[code].reason);
    this.#release(code);
  }

  #end(code: number): void {
    if (this.#machine.state.phase !== 'closed') this.#machine.on({ event: 'closed', code });
    this.#release(code);
  }

  #release(code: number): void {
    if (this.#established === undefined) return;
    this.#deps.heartbeat.remove(this);
    this.#deps.registry.remove(this);
    this.#requests.release(code);
    for (const gone of this.#gone.splice(0)) gone();
  }
}
