import type { ChannelName, CloseCode, Format, Ref } from '@kittiwake/protocol';
import { can } from '../auth/permissions.ts';
import type { ChannelRule } from '../config/channel-rule.ts';
import { ChannelMember } from './channel-member.ts';
import { dispatch, type SessionRequest } from './dispatch.ts';
import { Memberships } from './memberships.ts';
import { Pacer } from './pacer.ts';
import type { PeerWriter } from './peer-writer.ts';
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

  constructor(requestsDeps: RequestsDeps) {
    const { deps, writer, close } = requestsDeps;
    this.#deps = requestsDeps;
    this.#memberships = new Memberships(deps);
    this.#pacer = new Pacer({
      clock: deps.clock,
      windowBytes: deps.settings.replayWindowBytes,
      timeoutMs: deps.settings.pingTimeoutMs,
      ping: ref => writer.send({ type: 'ping', ref }),
      onSlow: () => close(4431),
    });
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
  }

  /** The connection ended with `code`: every membership does. */
  release(code: number): void {
    this.#pacer.stop();
    this.#memberships.release(code);
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
    const { writer, format, close } = this.#deps;
    return new ChannelMember({
      id,
      user: identity.user,
      format,
      pacer: this.#pacer,
      write: frame => writer.write(frame),
      seesPresence: () => this.#seesPresence(channel, rule),
      onOverflow: () => close(4431),
    });
  }

  /** With the token of this moment (SPEC A6). */
  #seesPresence(channel: ChannelName, rule: ChannelRule): boolean {
    const state = this.#deps.state();
    if (!rule.presence || state.phase !== 'connected') return false;
    return can({ verb: 'presence', channel, identity: state.identity, rule });
  }
}
