import { assertNever } from '../../packages/base/src/assert.ts';
import type { Clock, Timer } from '../../packages/base/src/clock.ts';
import type { Random } from '../../packages/base/src/random.ts';
import type { ClientMessage } from '../../packages/protocol/src/client-message.ts';
import type { SessionId } from '../../packages/protocol/src/ids.ts';
import type { Connected } from '../../packages/protocol/src/messages/connected.ts';
import { pongTo } from '../../packages/protocol/src/messages/pong.ts';
import { type ServerMessage, serverMessage } from '../../packages/protocol/src/server-message.ts';
import { PROTOCOL_VERSION } from '../../packages/protocol/src/version.ts';
import type { OpenRawSocket, RawSocket } from './raw-socket.ts';
import { reconnectPlan } from './reconnect-plan.ts';

/** What the socket's owner hears. */
export type GatewaySocketOwner = {
  /** A session stands, for the first time or again: join now. */
  ready(connected: Connected): void;
  message(message: ServerMessage): void;
  /** A session that stood is gone; the socket comes back by itself. */
  cut(code: number): void;
  /** A connection attempt came to nothing. */
  refused(code: number): void;
  /** It will not come back. */
  ended(why: string): void;
};

/** What it needs of the world. */
export type GatewaySocketDeps = {
  readonly open: OpenRawSocket;
  readonly clock: Clock;
  readonly random: Random;
  readonly token: string;
};

/** An ingress may dial the address of a gateway that is gone for seconds: as long as the SDK waits. */
const CONNECT_TIMEOUT_MS = 3_000;
const ABNORMAL = 1006;

type State =
  | { readonly phase: 'idle' }
  | { readonly phase: 'connecting'; readonly socket: RawSocket }
  | { readonly phase: 'connected'; readonly socket: RawSocket }
  | { readonly phase: 'waiting'; readonly timer: Timer }
  | { readonly phase: 'ended' };

/** One client: connects, comes back as the close table says, and notices silence. */
export class GatewaySocket {
  readonly #deps: GatewaySocketDeps;
  readonly #owner: GatewaySocketOwner;
  #state: State = { phase: 'idle' };
  #attempt = 0;
  #session: SessionId | undefined;
  /** When `goaway` asked this session to move. */
  #moveAtMs: number | undefined;
  /** Timers of the present connection: none may outlive it, or it would keep the iteration alive. */
  #timers: Timer[] = [];
  #heardAtMs = 0;
  #generation = 0;

  constructor(deps: GatewaySocketDeps, owner: GatewaySocketOwner) {
    this.#deps = deps;
    this.#owner = owner;
  }

  /** Connects, once. */
  start(): void {
    if (this.#state.phase === 'idle') this.#connect();
  }

  /** Whether a session stands. */
  get connected(): boolean {
    return this.#state.phase === 'connected';
  }

  /** Sends a message; `false` where no session stands: the owner keeps it. */
  send(message: ClientMessage): boolean {
    if (this.#state.phase !== 'connected') return false;
    this.#state.socket.send(JSON.stringify(message));
    return true;
  }

  /** Drops the connection as if the network had; the socket comes back by itself. */
  drop(): void {
    if (this.#state.phase !== 'connected') return;
    const { socket } = this.#state;
    this.#closed(this.#generation, ABNORMAL);
    socket.close();
  }

  /** Leaves for good. */
  stop(): void {
    const state = this.#state;
    this.#leave();
    this.#state = { phase: 'ended' };
    if (state.phase === 'waiting') state.timer.cancel();
    if (state.phase === 'connecting' || state.phase === 'connected') state.socket.close();
  }

  #connect(): void {
    this.#generation += 1;
    const generation = this.#generation;
    const current = (): boolean => generation === this.#generation;
    const socket = this.#deps.open({
      // An abandoned attempt may still open: nobody wants it any more.
      opened: () => (current() ? this.#sayConnect(socket) : socket.close()),
      received: data => current() && this.#received(data, socket),
      heard: () => current() && this.#heard(),
      closed: code => this.#closed(generation, code),
    });
    this.#timers.push(this.#deps.clock.after(CONNECT_TIMEOUT_MS, () => this.#dropIf(generation, socket)));
    this.#state = { phase: 'connecting', socket };
  }

  #sayConnect(socket: RawSocket): void {
    const session = this.#session === undefined ? {} : { session: this.#session };
    const connect: ClientMessage = {
      type: 'connect',
      ref: 1,
      protocol: PROTOCOL_VERSION,
      token: this.#deps.token,
      client: 'kittiwake-load/1',
      ...session,
    };
    socket.send(JSON.stringify(connect));
  }

  #received(data: string, socket: RawSocket): void {
    this.#heard();
    const message = decode(data);
    if (message === undefined) return;
    if (message.type === 'connected') {
      this.#connected(message, socket);
      return;
    }
    if (message.type === 'ping') {
      this.send(pongTo(message));
      return;
    }
    if (message.type === 'goaway') this.#move(message.reconnectAfterMs, socket);
    this.#owner.message(message);
  }

  #connected(connected: Connected, socket: RawSocket): void {
    if (this.#state.phase !== 'connecting') return;
    this.#cancelTimers();
    this.#state = { phase: 'connected', socket };
    this.#attempt = 0;
    this.#session = connected.session;
    this.#watchSilence(connected.pingIntervalMs + connected.pingTimeoutMs);
    this.#owner.ready(connected);
  }

  #closed(generation: number, code: number): void {
    if (generation !== this.#generation) return;
    const { phase } = this.#state;
    const plan = reconnectPlan({ code, attempt: this.#attempt, ...this.#asked() }, this.#deps.random);
    this.#leave();
    this.#attempt += 1;
    switch (plan.action) {
      case 'wait':
        this.#state = {
          phase: 'waiting',
          timer: this.#deps.clock.after(plan.delayMs, () => this.#connect()),
        };
        break;
      case 'stop':
        this.#state = { phase: 'ended' };
        break;
      default:
        assertNever(plan);
    }
    if (phase === 'connected') this.#owner.cut(code);
    else this.#owner.refused(code);
    if (plan.action === 'stop') this.#owner.ended(plan.why);
  }

  /** What is left of the wait that `goaway` asked for. */
  #asked(): { readonly reconnectAfterMs?: number } {
    if (this.#moveAtMs === undefined) return {};
    return { reconnectAfterMs: Math.max(0, this.#moveAtMs - this.#deps.clock.monotonicMs()) };
  }

  #move(reconnectAfterMs: number, socket: RawSocket): void {
    const generation = this.#generation;
    this.#moveAtMs = this.#deps.clock.monotonicMs() + reconnectAfterMs;
    this.#timers.push(this.#deps.clock.after(reconnectAfterMs, () => this.#dropIf(generation, socket)));
  }

  #dropIf(generation: number, socket: RawSocket): void {
    if (generation !== this.#generation) return;
    this.#closed(generation, ABNORMAL);
    socket.close();
  }

  /** Turns away from the present connection: whatever it still says is not heard. */
  #leave(): void {
    this.#generation += 1;
    this.#moveAtMs = undefined;
    this.#cancelTimers();
  }

  #cancelTimers(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
  }

  #heard(): void {
    this.#heardAtMs = this.#deps.clock.monotonicMs();
  }

  /** A dead connection may look alive for ever: one that is silent for too long is dropped. */
  #watchSilence(silenceMsMax: number): void {
    if (silenceMsMax === 0) return;
    const wait = Math.max(1, this.#heardAtMs + silenceMsMax - this.#deps.clock.monotonicMs());
    const timer = this.#deps.clock.after(wait, () => {
      if (this.#deps.clock.monotonicMs() - this.#heardAtMs >= silenceMsMax) this.drop();
      else this.#watchSilence(silenceMsMax);
    });
    this.#timers.push(timer);
  }
}

/** Nothing that arrives may stop the test: what is no message is ignored, and shows as a lost publication. */
function decode(data: string): ServerMessage | undefined {
  try {
    const decoded = serverMessage(JSON.parse(data));
    return decoded.ok ? decoded.value : undefined;
  } catch {
    return undefined;
  }
}
