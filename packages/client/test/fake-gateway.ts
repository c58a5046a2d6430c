import type { Clock } from '@kittiwake/base';
import type {
  ChannelName,
  ClientMessage,
  ErrorKind,
  Join,
  PresenceEntry,
  Publication,
  Publish,
  ServerMessage,
  SessionId,
  UserId,
} from '@kittiwake/protocol';
import { ERROR_KINDS } from '@kittiwake/protocol';
import { emptyLog, epochOf, failOver, head, type Log, resumeOf } from './fake-log.ts';
import type { GatewayEnd, GatewayEndHandler } from './fake-network.ts';

type Peer = { readonly end: GatewayEnd; session: SessionId | undefined; readonly channels: Set<ChannelName> };

/** How often the fake gateway pings, and how long it would wait. */
export const PING = { pingIntervalMs: 25_000, pingTimeoutMs: 10_000 } as const;

/** A gateway in memory that keeps the rules of the protocol as far as a client can tell; tests change its behaviour by its fields. */
export class FakeGateway {
  readonly #clock: Clock;
  readonly #logs = new Map<ChannelName, Log>();
  readonly #peers = new Set<Peer>();
  readonly #presence = new Map<ChannelName, Map<SessionId, PresenceEntry>>();
  #sessions = 0;
  /** Everything that arrived, in order. */
  readonly received: ClientMessage[] = [];
  /** Messages of these types are not answered. */
  readonly deaf = new Set<ClientMessage['type']>();
  /** Refuses messages of a type with an error. */
  readonly refusals = new Map<ClientMessage['type'], ErrorKind>();
  /** Closes instead of answering `connect`. */
  closeOnConnect: number | undefined;
  tokenLastsMs = 3_600_000;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly accept = (end: GatewayEnd): GatewayEndHandler => {
    const peer: Peer = { end, session: undefined, channels: new Set() };
    this.#peers.add(peer);
    return { receive: message => this.#receive(peer, message), closed: () => void this.#peers.delete(peer) };
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
    return this.#append(channel as ChannelName, { event: event as Publication['event'], data });
  }

  log(channel: string): readonly Publication[] {
    return this.#log(channel as ChannelName).entries;
  }

  /** A failover that loses the entries from `divergedAt` on. */
  failover(channel: string, epoch: string, divergedAt: number): void {
    failOver(this.#log(channel as ChannelName), epoch, divergedAt);
  }

  /** Keeps only the last `kept` entries. */
  trim(channel: string, kept: number): void {
    const log = this.#log(channel as ChannelName);
    log.firstOffset += log.entries.splice(0, Math.max(0, log.entries.length - kept)).length;
  }

  #receive(peer: Peer, message: ClientMessage): void {
    this.received.push(message);
    if (this.deaf.has(message.type)) return;
    const refusal = this.refusals.get(message.type);
    if (refusal !== undefined) {
      this.#refuse(peer, message, refusal);
      return;
    }
    this.#handle(peer, message);
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
        peer.channels.delete(message.channel);
        peer.end.send({ type: 'left', ref: message.ref, channel: message.channel });
        return;
      case 'ping':
        peer.end.send({ ...message, type: 'pong' });
        return;
      default:
        this.#reply(peer, message);
    }
  }

  #reply(peer: Peer, message: ClientMessage): void {
    if (message.type === 'refresh') {
      const expiresAtMs = this.#nowMs() + this.tokenLastsMs;
      peer.end.send({ type: 'refreshed', ref: message.ref, expiresAtMs });
    } else if (message.type === 'request') {
      peer.end.send({
        type: 'response',
        ref: message.ref,
        data: this.#answer(message.event, message.channel),
      });
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
      gateway: 'gateway-0',
      expiresAtMs: this.#nowMs() + this.tokenLastsMs,
      ...PING,
      messageBytesMax: 65_536,
    });
  }

  #join(peer: Peer, { ref, channel, position, presence }: Join): void {
    if (peer.channels.has(channel)) {
      this.#refuse(peer, { type: 'join', ref, channel }, 'already_joined');
      return;
    }
    peer.channels.add(channel);
    const log = this.#log(channel);
    const { resume, from } = resumeOf(log, position);
    peer.end.send({ type: 'joined', ref, channel, position: head(log), resume });
    for (const entry of log.entries) if (entry.position.offset >= from) peer.end.send(entry);
    if (presence !== undefined) this.#show(peer, channel, presence);
    const members = [...(this.#presence.get(channel)?.values() ?? [])];
    peer.end.send({ type: 'presence-sync', channel, members });
  }

  #publish(peer: Peer, { ref, channel, event, data, ack = 'primary', key }: Publish): void {
    const log = this.#log(channel);
    const known = key === undefined ? undefined : log.keys.get(key);
    const position = known ?? this.#append(channel, { event, data }).position;
    if (key !== undefined) log.keys.set(key, position);
    if (ref === undefined) return;
    peer.end.send({
      type: 'ack',
      ref,
      channel,
      level: ack,
      position,
      ...(known === undefined ? {} : { duplicate: true }),
    });
  }

  #append(channel: ChannelName, what: Pick<Publication, 'event' | 'data'>): Publication {
    const log = this.#log(channel);
    const position = { offset: head(log).offset + 1, epoch: epochOf(log) };
    const publication: Publication = {
      type: 'publication',
      channel,
      version: 1,
      atMs: this.#nowMs(),
      position,
      ...what,
    };
    log.entries.push(publication);
    for (const peer of this.#peers) if (peer.channels.has(channel)) peer.end.send(publication);
    return publication;
  }

  #show(peer: Peer, channel: ChannelName, data: PresenceEntry['data']): void {
    const member = peer.session as SessionId;
    const entries = this.#presence.get(channel) ?? new Map<SessionId, PresenceEntry>();
    this.#presence.set(channel, entries);
    const entry = { member, user: 'ada' as UserId, data };
    if (data === null) entries.delete(member);
    else entries.set(member, entry);
    const diff = data === null ? { set: [], left: [member] } : { set: [entry], left: [] };
    for (const other of this.#peers)
      if (other.channels.has(channel)) other.end.send({ type: 'presence-diff', channel, ...diff });
  }

  #answer(event: string, channel: ChannelName | undefined): Publication['data'] {
    if (event !== 'kittiwake:history:list' || channel === undefined) return { event };
    const log = this.#log(channel);
    return { position: head(log), publications: log.entries.map(entry => ({ ...entry })) };
  }

  #refuse(peer: Peer, message: { type: string; ref?: number; channel?: ChannelName }, kind: ErrorKind): void {
    const about = {
      ...(message.ref === undefined ? {} : { ref: message.ref }),
      ...(message.channel === undefined ? {} : { channel: message.channel }),
    };
    peer.end.send({
      type: 'error',
      kind,
      message: `${message.type} refused`,
      retry: ERROR_KINDS[kind].retry,
      ...about,
    });
  }

  /** Whole milliseconds, as the wire wants them; a fake clock stops anywhere. */
  #nowMs(): number {
    return Math.trunc(this.#clock.nowMs());
  }

  #log(channel: ChannelName): Log {
    const log = this.#logs.get(channel) ?? emptyLog();
    this.#logs.set(channel, log);
    return log;
  }
}
