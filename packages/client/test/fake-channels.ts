import type { Clock } from '@kittiwake/base';
import type {
  ChannelName,
  ClientMessage,
  EpochChain,
  Join,
  Json,
  Position,
  Publication,
  Publish,
  Request,
} from '@kittiwake/protocol';
import { extendChain } from '@kittiwake/protocol';
import { emptyLog, epochOf, head, type Log, resumeOf, type Stored, store } from './fake-log.ts';
import type { GatewayEnd } from './fake-network.ts';

/** Who is sent what, and what each holds of it. */
type Members = Map<GatewayEnd, { readonly position: Position; readonly chain: EpochChain }>;

/** The histories behind the fake gateway, and who is a member of which channel. */
export class FakeChannels {
  readonly #clock: Clock;
  readonly #logs = new Map<ChannelName, Log>();
  readonly #members = new Map<ChannelName, Members>();
  readonly #late: Publish[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  log(channel: ChannelName): Log {
    const log = this.#logs.get(channel) ?? emptyLog();
    this.#logs.set(channel, log);
    return log;
  }

  members(channel: ChannelName): Members {
    const members: Members = this.#members.get(channel) ?? new Map();
    this.#members.set(channel, members);
    return members;
  }

  /** Makes `end` a member and answers; false where it is one already. */
  join(end: GatewayEnd, { ref, channel, position, chain = [] }: Join): boolean {
    if (this.members(channel).has(end)) return false;
    const log = this.log(channel);
    const { resume, from } = resumeOf(log, position, chain);
    end.send({ type: 'joined', ref, channel, position: head(log), resume });
    this.#hold(end, channel, { position: position ?? head(log), chain });
    this.#replay(end, channel, from);
    return true;
  }

  leave(end: GatewayEnd, channel: ChannelName): void {
    this.members(channel).delete(end);
  }

  gone(end: GatewayEnd): void {
    for (const members of this.#members.values()) members.delete(end);
  }

  /** What the history is asked for; whatever else is asked is repeated. */
  answer({ event, channel }: Request): Json {
    if (event !== 'kittiwake:history:list' || channel === undefined) return { event };
    const log = this.log(channel);
    return { position: head(log), publications: log.entries.map(entry => ({ ...entry })) };
  }

  /** A publish is on its way. */
  hold(message: ClientMessage): void {
    if (message.type === 'publish') this.#late.push(message);
  }

  /** What was on its way is there; how many. */
  arrive(): number {
    const late = this.#late.splice(0);
    for (const publish of late) this.publish(publish);
    return late.length;
  }

  publish(publish: Publish): Stored {
    return store(this.log(publish.channel), publish, () => this.append(publish.channel, publish));
  }

  append(channel: ChannelName, { event, data }: Pick<Publication, 'event' | 'data'>): Publication {
    const log = this.log(channel);
    const position = { offset: head(log).offset + 1, epoch: epochOf(log) };
    // Whole milliseconds, as the wire wants them; a fake clock stops anywhere.
    const atMs = Math.trunc(this.#clock.nowMs());
    const publication: Publication = {
      type: 'publication',
      channel,
      event,
      version: 1,
      data,
      position,
      atMs,
    };
    log.entries.push(publication);
    for (const [end, { position: held }] of this.members(channel)) {
      // Whoever holds an entry at this offset already is not of this history.
      if (held.offset < position.offset) this.#deliver(end, publication);
      else this.#compare(end, channel);
    }
    return publication;
  }

  /** Compares what members hold with the log, and tells those whose history parted from it (SPEC C6, C10). */
  doubt(channel: ChannelName): void {
    for (const end of this.members(channel).keys()) this.#compare(end, channel);
  }

  #compare(end: GatewayEnd, channel: ChannelName): void {
    const log = this.log(channel);
    const { position, chain = [] } = this.members(channel).get(end) ?? {};
    const { resume, from } = resumeOf(log, position, chain);
    if (resume.outcome === 'recovered' || resume.outcome === 'fresh') return;
    end.send({ type: 'truncated', channel, position: head(log), resume });
    this.#replay(end, channel, from);
  }

  /** Sends the entries from `from` on; what the member held after that is gone. */
  #replay(end: GatewayEnd, channel: ChannelName, from: number): void {
    const log = this.log(channel);
    const { chain = [] } = this.members(channel).get(end) ?? {};
    const kept = chain.filter(({ start }) => start < from);
    const epoch = kept.at(-1)?.epoch ?? epochOf(log);
    this.#hold(end, channel, { position: { offset: from - 1, epoch }, chain: kept });
    for (const entry of log.entries) if (entry.position.offset >= from) this.#deliver(end, entry);
  }

  #deliver(end: GatewayEnd, publication: Publication): void {
    const { channel, position } = publication;
    const { chain = [] } = this.members(channel).get(end) ?? {};
    this.#hold(end, channel, { position, chain: extendChain(chain, position) });
    end.send(publication);
  }

  #hold(end: GatewayEnd, channel: ChannelName, held: { position: Position; chain: EpochChain }): void {
    this.members(channel).set(end, held);
  }
}
