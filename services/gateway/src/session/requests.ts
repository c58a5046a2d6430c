import type { ChannelName, CloseCode, Format, Ref } from '@kittiwake/protocol';
import { can } from '../auth/permissions.ts';
import type { ChannelRule } from '../config/channel-rule.ts';
import { ChannelMember } from './channel-member.ts';
import { ConflatingOutlet } from './conflating-outlet.ts';
import { dispatch, type SessionRequest } from './dispatch.ts';
import { Memberships } from './memberships.ts';
import { type Outlet, type OutletDeps, plainOutlet } from './outlet.ts';
import { Pacer } from './pacer.ts';
import type { PeerWriter } from './peer-writer.ts';
import { ReadGauge } from './read-gauge.ts';
import type { RequestContext } from './request-context.ts';
import type { SessionDeps } from './session-deps.ts';
import type { SessionState } from './session-state.ts';

/** A session that may ask. */
export type ConnectedState = Extract<SessionState, { phase: 'connected' }>;

/** What the requests of one session need of it. */
export type RequestsDeps = {
  readonly deps: SessionDeps;
  readonly format: Format;
  readonly writer: PeerWriter;
  readonly state: () => SessionState;
  readonly close: (code: CloseCode) => void;
  readonly onBug: (reason: unknown) => void;
};

/** What one connected session asks, and the channels that it is in because of it. */
export class Requests {
  readonly #deps: RequestsDeps;
  readonly #memberships: Memberships;
  readonly #pacer: Pacer;
  readonly #gauge: ReadGauge;
  #pings: Ref = 0;

  constructor(requestsDeps: RequestsDeps) {
    const { deps, close } = requestsDeps;
    this.#deps = requestsDeps;
    this.#memberships = new Memberships(deps);
    const reading = {
      clock: deps.clock,
      timeoutMs: deps.settings.pingTimeoutMs,
      ping: () => this.#ping(),
      onSlow: () => close(4431),
    };
    const windowBytes = deps.settings.replayWindowBytes;
    this.#pacer = new Pacer({ ...reading, windowBytes });
    this.#gauge = new ReadGauge({ ...reading, windowBytesMax: windowBytes });
  }

  /** Hands a request to its handler. What changes a membership waits for what changed it before; the rest does not wait. */
  handle(message: SessionRequest, state: ConnectedState): void {
    const context = this.#context(state);
    const changesMembership =
      message.type === 'join' || message.type === 'leave' || message.type === 'presence-set';
    const handled = changesMembership
      ? this.#memberships.change(message.channel, async () => {
          if (context.alive()) await dispatch(context, message);
        })
      : dispatch(context, message);
    handled.catch(this.#deps.onBug);
  }

  /** The client has read everything that was sent before the ping with this `ref`. */
  ponged(ref: Ref): void {
    this.#pacer.ponged(ref);
    this.#gauge.ponged(ref);
  }

  /** The connection ended with `code`: every membership does. */
  release(code: number): void {
    this.#pacer.stop();
    this.#gauge.stop();
    this.#memberships.release(code);
  }

  /** Asks whether all of what was sent so far was read. */
  #ping(): Ref {
    this.#pings += 1;
    this.#deps.writer.send({ type: 'ping', ref: this.#pings });
    return this.#pings;
  }

  #context(state: ConnectedState): RequestContext {
    const { deps, writer } = this.#deps;
    return {
      deps,
      id: state.id,
      identity: state.identity,
      attempt: state.attempt ?? 0,
      memberships: this.#memberships,
      memberOf: (channel, rule) => this.#memberOf(state, channel, rule),
      alive: () => this.#deps.state().phase === 'connected',
      send: message => writer.send(message),
      fail: (failure, about) => writer.fail(failure, about),
    };
  }

  #memberOf({ id, identity }: ConnectedState, channel: ChannelName, rule: ChannelRule): ChannelMember {
    const { deps, format, close } = this.#deps;
    return new ChannelMember({
      id,
      user: identity.user,
      format,
      pacer: this.#pacer,
      turns: deps.turns,
      outlet: this.#outletOf(rule),
      seesPresence: () => this.#seesPresence(channel, rule),
      onOverflow: () => close(4431),
    });
  }

  #outletOf({ conflate }: ChannelRule): Outlet {
    const { writer, format, deps } = this.#deps;
    const outlet: OutletDeps = { format, write: frame => writer.write(frame) };
    if (!conflate) return plainOutlet(outlet);
    const onLeftOut = (publications: number): void =>
      deps.metrics.count('kittiwake_conflated_publications_total', publications);
    return new ConflatingOutlet({ ...outlet, gauge: this.#gauge, onLeftOut });
  }

  /** With the token of this moment (SPEC A6). */
  #seesPresence(channel: ChannelName, rule: ChannelRule): boolean {
    const state = this.#deps.state();
    if (!rule.presence || state.phase !== 'connected') return false;
    return can({ verb: 'presence', channel, identity: state.identity, rule });
  }
}
