import { type Clock, err, type Random, type Result } from '@kittiwake/base';
import type { ChannelName, EpochChain, Position, Publication, Resume, SessionId } from '@kittiwake/protocol';
import type { Broker, BrokerFailure, BrokerHandler } from '../broker/broker.ts';
import type { BrokerStatus } from '../broker/broker-status.ts';
import type { ChannelRule } from '../config/channel-rule.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type FanOut, LocalChannel } from './local-channel.ts';
import type { Member } from './member.ts';
import { PastReader } from './past-reader.ts';
import type { Replay } from './recent-past.ts';
import { readReplay } from './replay.ts';
import { SharedPast } from './shared-past.ts';
import { StreamKeeper } from './stream-keeper.ts';

/** What the hub needs, and whom it tells. */
export type HubDeps = {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Called when a channel gets its first local member, and when the last one is gone. */
  readonly observer: {
    opened(channel: LocalChannel): void;
    closed(channel: LocalChannel): void;
    /** The broker may have forgotten or changed what was kept of the channel. */
    doubted(channel: LocalChannel): void;
    delivered(publication: Publication, fanOut: FanOut): void;
  };
};

/** How a member enters. */
export type JoinOptions = {
  readonly rule: ChannelRule;
  /** The last publication that the member has. */
  readonly position: Position | undefined;
  /** The epochs of all that it has, as it says (SPEC C10). */
  readonly chain: EpochChain | undefined;
  /** Asked until the member is attached: for whoever has gone meanwhile nothing is read, and it gets no welcome. */
  wanted(): boolean;
  /** Called in the same turn in which the member is attached: what it sends is ahead of everything live. */
  welcome(grant: {
    readonly resume: Resume;
    readonly position: Position;
    readonly replay: readonly Publication[];
  }): void;
};

/** Knows which local sessions are in which channels, and gives them every publication once and in order. */
export class Hub implements BrokerHandler {
  readonly #deps: HubDeps;
  readonly #streams: StreamKeeper;
  readonly #past: PastReader;
  readonly #shared: SharedPast;
  readonly #channels = new Map<
    ChannelName,
    { readonly channel: LocalChannel; readonly opening: Promise<BrokerFailure | undefined> }
  >();
  #memberships = 0;

  constructor(deps: HubDeps) {
    this.#deps = deps;
    this.#past = new PastReader(deps.broker);
    this.#shared = new SharedPast({ past: this.#past, clock: deps.clock });
    this.#streams = new StreamKeeper({
      ...deps,
      delivered: (publication, fanOut) => this.#delivered(publication, fanOut),
    });
  }

  get channelCount(): number {
    return this.#channels.size;
  }

  /** The local channel, where it has members here. */
  find(name: ChannelName): LocalChannel | undefined {
    return this.#channels.get(name)?.channel;
  }

  /**
   * Makes `member` a member of the channel: subscribes where it is the first, reads what its position is owed, and attaches
   * it without a crack between replay and live stream (SPEC C2, C4). Fails only with the broker.
   */
  async join(name: ChannelName, member: Member, options: JoinOptions): Promise<Result<void, BrokerFailure>> {
    const entry = this.#channels.get(name) ?? this.#open(name, options.rule);
    const { channel } = entry;
    const joining = channel.beginJoining();
    try {
      const failure = await entry.opening;
      if (failure !== undefined) return err(failure);
      return await readReplay({
        channel,
        joining,
        past: this.#past,
        shared: this.#shared,
        streams: this.#streams,
        since: options.position,
        chain: options.chain,
        wanted: options.wanted,
        enter: replay => {
          if (options.wanted()) this.#enter(channel, member, { replay, welcome: options.welcome });
        },
      });
    } finally {
      channel.endJoining(joining);
      this.#closeIfIdle(channel);
    }
  }

  /** Ends a membership; false where there was none. The last one out unsubscribes. */
  leave(name: ChannelName, member: SessionId): boolean {
    const channel = this.find(name);
    if (channel === undefined || !channel.detach(member)) return false;
    this.#countMembers(-1);
    this.#closeIfIdle(channel);
    return true;
  }

  onPublication(publication: Publication): void {
    const channel = this.find(publication.channel);
    if (channel !== undefined) this.#streams.receive(channel, publication);
  }

  onDoubt(channels: Iterable<ChannelName>): void {
    for (const name of channels) {
      const channel = this.find(name);
      if (channel === undefined) continue;
      this.#deps.observer.doubted(channel);
      void this.#streams.repair(channel);
    }
  }

  onStatus(status: BrokerStatus): void {
    this.#deps.metrics.set('kittiwake_broker_up', status.phase === 'ready' ? 1 : 0);
    this.#deps.log.info('broker.status', {
      phase: status.phase,
      ...('reason' in status ? { reason: status.reason } : {}),
    });
  }

  /** Forgets every channel; nothing is delivered afterwards. */
  stop(): void {
    for (const { channel } of this.#channels.values()) channel.close();
    this.#channels.clear();
  }

  /** Attached first: a welcome that does not fit its outbox ends the session, which then leaves here. */
  #enter(
    channel: LocalChannel,
    member: Member,
    { replay, welcome }: Pick<JoinOptions, 'welcome'> & { readonly replay: Replay },
  ): void {
    channel.attach(member);
    this.#countMembers(1);
    welcome({ resume: replay.resume, position: channel.cursor, replay: replay.publications });
  }

  #open(
    name: ChannelName,
    rule: ChannelRule,
  ): { readonly channel: LocalChannel; readonly opening: Promise<BrokerFailure | undefined> } {
    const channel = new LocalChannel(name, rule);
    const entry = { channel, opening: this.#streams.open(channel) };
    this.#channels.set(name, entry);
    this.#deps.metrics.set('kittiwake_channels', this.#channels.size);
    this.#deps.observer.opened(channel);
    return entry;
  }

  #closeIfIdle(channel: LocalChannel): void {
    if (!channel.idle || this.#channels.get(channel.name)?.channel !== channel) return;
    channel.close();
    this.#channels.delete(channel.name);
    this.#deps.metrics.set('kittiwake_channels', this.#channels.size);
    this.#deps.observer.closed(channel);
    void this.#deps.broker.unsubscribe(channel.name);
  }

  #countMembers(by: number): void {
    this.#memberships += by;
    this.#deps.metrics.set('kittiwake_memberships', this.#memberships);
  }

  #delivered(publication: Publication, fanOut: FanOut): void {
    const { metrics, clock, observer } = this.#deps;
    metrics.count('kittiwake_deliveries_total', fanOut.members);
    metrics.observe('kittiwake_fan_out_members', fanOut.members);
    metrics.observe(
      'kittiwake_publish_to_deliver_seconds',
      Math.max(0, clock.nowMs() - publication.atMs) / 1_000,
    );
    observer.delivered(publication, fanOut);
  }
}
