import type { Clock } from '@kittiwake/base';
import type {
  ChannelName,
  ClientMessage,
  ErrorKind,
  ErrorMessage,
  Join,
  PresenceEntry,
  Publication,
  Publish,
  ServerMessage,
  SessionId,
  UserId,
} from '@kittiwake/protocol';
import { ERROR_KINDS } from '@kittiwake/protocol';
import type { SessionLimiter } from '../../../services/gateway/src/limits/session-limits.ts';
import { FakeChannels } from './fake-channels.ts';
import { failOver, trim } from './fake-log.ts';
import type { GatewayEnd, GatewayEndHandler } from './fake-network.ts';
import { FakePresence } from './fake-presence.ts';

type Peer = {
  readonly end: GatewayEnd;
  session: SessionId | undefined;
  readonly limiter: SessionLimiter | undefined;
};

/** Why a message is refused. */
type Refusal = Pick<ErrorMessage, 'kind' | 'retryAfterMs' | 'expectedSequence' | 'rememberedMs'>;

/** How often the fake gateway pings, and how long it would wait. */
export const PING = { pingIntervalMs: 15_000, pingTimeoutMs: 6_000 } as const;

/** A gateway in memory that keeps the rules of the protocol as far as a client can tell; tests change its behaviour by its fields. */
export class FakeGateway {
  readonly #clock: Clock;
  readonly #channels: FakeChannels;
  readonly #peers = new Set<Peer>();
  readonly #presence = new FakePresence();
  #sessions = 0;
  /** Everything that arrived, in order. */
  readonly received: ClientMessage[] = [];
  /** Messages of these types are not answered. */
  readonly deaf = new Set<ClientMessage['type']>();
  /** Refuses messages of a type with an error. */
  readonly refusals = new Map<ClientMessage['type'], ErrorKind>();
  /** The same, with all that the error says. */
  readonly answers = new Map<ClientMessage['type'], Refusal>();
  /** Makes what holds a peer to its rate. */
  limiter: (() => SessionLimiter) | undefined;
  /** How often a message was over the rate. */
  limited = 0;
  /** Closes instead of answering `connect`. */
  closeOnConnect: number | undefined;
  tokenLastsMs = 3_600_000;
  /** Which gateway answers the next `connect`: all of them have the same channels. */
  name = 'gateway-0';

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#channels = new FakeChannels(clock);
  }

  readonly accept = (end: GatewayEnd): GatewayEndHandler => {
    const peer: Peer = { end, session: undefined, limiter: this.limiter?.() };
    this.#peers.add(peer);
    return { receive: message => this.#receive(peer, message), closed: () => this.#gone(peer) };
  };

  get connected(): number {
    return [...this.#peers].filter(peer => peer.session !== undefined).length;
  }

  /** What arrived of one type. */
  heard<T extends ClientMessage['type']>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.received.filter(
      (message): message is Extract<ClientMessage, { type: T }> => message.type === type,
    );
  }

  /** Sends to every session. */
  broadcast(message: ServerMessage): void {
    for (const peer of this.#peers) if (peer.session !== undefined) peer.end.send(message);
  }

  closeAll(code: number): void {
    for (const peer of this.#peers) peer.end.close(code);
  }

  /** A backend publishes. */
  publish(channel: string, data: Publication['data'] = null, event = 'test:event:happened'): Publication {
    return this.#channels.append(channel as ChannelName, { event: event as Publication['event'], data });
  }

  /** Publishes that it was deaf to come to the log after all, and nobody hears of it; how many. */
  arrive(): number {
    return this.#channels.arrive();
  }

  /** Forgets keys and producers, by their age. */
  forget(channel: string): void {
    this.#channels.log(channel as ChannelName).stamps = [];
  }

  log(channel: string): readonly Publication[] {
    return this.#channels.log(channel as ChannelName).entries;
  }

  /** A failover that loses the entries from `divergedAt` on; members are not told. */
  failover(channel: string, epoch: string, divergedAt: number): void {
    failOver(this.#channels.log(channel as ChannelName), epoch, divergedAt);
  }

  /** Tells members whose history parted from the log. */
  doubt(channel: string): void {
    this.#channels.doubt(channel as ChannelName);
  }

  /** Keeps only the last `kept` entries. */
  trim(channel: string, kept: number): void {
    trim(this.#channels.log(channel as ChannelName), kept);
  }

  #gone(peer: Peer): void {
    this.#peers.delete(peer);
    this.#channels.gone(peer.end);
  }

  #receive(peer: Peer, message: ClientMessage): void {
    this.received.push(message);
    if (this.deaf.has(message.type)) this.#channels.hold(message);
    if (this.deaf.has(message.type) || this.#overRate(peer, message)) return;
    const kind = this.refusals.get(message.type);
    const refusal = kind === undefined ? this.answers.get(message.type) : { kind };
    if (refusal === undefined) this.#handle(peer, message);
    else this.#refuse(peer, message, refusal);
  }

  /** Warns, then disconnects (SPEC L1, L3). */
  #overRate(peer: Peer, message: ClientMessage): boolean {
    const judged = peer.limiter?.check(this.#clock.monotonicMs()) ?? { verdict: 'allow' };
    if (judged.verdict === 'allow') return false;
    this.limited += 1;
    if (judged.verdict === 'disconnect') peer.end.close(4429);
    else {
      const retryAfterMs = Math.ceil(judged.retryAfterMs);
      this.#refuse(peer, message, { kind: 'rate_limited', retryAfterMs });
    }
    return true;
  }

  #handle(peer: Peer, message: ClientMessage): void {
    switch (message.type) {
      case 'connect':
        this.#connect(peer, message);
        return;
      case 'join':
        this.#join(peer, message);
        return;
      case 'publish':
        this.#publish(peer, message);
        return;
      case 'presence-set':
        this.#show(peer, message.channel, message.data);
        peer.end.send({ type: 'ack', ref: message.ref, channel: message.channel, level: 'primary' });
        return;
      case 'leave':
        this.#channels.leave(peer.end, message.channel);
        peer.end.send({ type: 'left', ref: message.ref, channel: message.channel });
        return;
      case 'ping':
        peer.end.send({ ...message, type: 'pong' });
        return;
      case 'refresh':
        peer.end.send({
          type: 'refreshed',
          ref: message.ref,
          expiresInMs: this.tokenLastsMs,
        });
        return;
      case 'request':
        peer.end.send({ type: 'response', ref: message.ref, data: this.#channels.answer(message) });
    }
  }

  #connect(peer: Peer, message: Extract<ClientMessage, { type: 'connect' }>): void {
    if (this.closeOnConnect !== undefined) {
      peer.end.close(this.closeOnConnect);
      return;
    }
    peer.session = message.session ?? (`s${++this.#sessions}` as SessionId);
    peer.end.send({
      type: 'connected',
      ref: message.ref,
      session: peer.session,
      user: 'ada' as UserId,
      gateway: this.name,
      expiresInMs: this.tokenLastsMs,
      ...PING,
      messageBytesMax: 65_536,
    });
  }

  #join(peer: Peer, join: Join): void {
    const { channel, presence } = join;
    if (!this.#channels.join(peer.end, join)) {
      this.#refuse(peer, join, { kind: 'already_joined' });
      return;
    }
    if (presence !== undefined) this.#show(peer, channel, presence);
    peer.end.send({ type: 'presence-sync', channel, members: this.#presence.members(channel) });
  }

  #publish(peer: Peer, publish: Publish): void {
    const { ref, channel, ack = 'primary' } = publish;
    const stored = this.#channels.publish(publish);
    if ('refused' in stored) {
      const { refused: kind, ...more } = stored;
      this.#refuse(peer, publish, { kind, ...more });
    } else if (ref !== undefined) {
      const { position, duplicate } = stored;
      const where = ack === 'received' ? {} : { position };
      peer.end.send({ type: 'ack', ref, channel, level: ack, ...where, ...(duplicate ? { duplicate } : {}) });
    }
  }

  #show(peer: Peer, channel: ChannelName, data: PresenceEntry['data']): void {
    const diff = this.#presence.show(channel, peer.session as SessionId, data);
    for (const end of this.#channels.members(channel).keys())
      end.send({ type: 'presence-diff', channel, ...diff });
  }

  #refuse(
    peer: Peer,
    message: { type: string; ref?: number; channel?: ChannelName },
    refusal: Refusal,
  ): void {
    const about = {
      ...(message.ref === undefined ? {} : { ref: message.ref }),
      ...(message.channel === undefined ? {} : { channel: message.channel }),
    };
    const { retry } = ERROR_KINDS[refusal.kind];
    peer.end.send({ type: 'error', message: `${message.type} refused`, retry, ...refusal, ...about });
  }
}
