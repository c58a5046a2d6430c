import type {
  ChannelName,
  EpochChain,
  EventName,
  Json,
  Position,
  Publication,
  Resume,
} from '@kittiwake/protocol';
import { createFakeClock, createSeededRandom } from '@kittiwake/testkit';
import type { PublishCommand } from '../../src/broker/broker.ts';
import { MemoryCluster } from '../../src/broker/memory/memory-cluster.ts';
import { createMemoryTier } from '../../src/broker/memory/memory-tier.ts';
import { Hub } from '../../src/channel/hub.ts';
import type { ChannelRule } from '../../src/config/channel-rule.ts';
import { createRecordingMetrics, type RecordingMetrics } from '../../src/metrics/recording-metrics.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import type { FakeMember } from './fake-member.ts';
import { CHANNEL, channelRule } from './fixtures.ts';
import { type GatedBroker, gatedBroker } from './gated-broker.ts';

/** What a member is granted when it joins. */
export type Grant = {
  readonly resume: Resume;
  readonly position: Position;
  readonly replay: readonly Publication[];
};

/** A hub over a memory broker behind a gate, on a fake clock. */
export type TestGateway = {
  readonly hub: Hub;
  readonly broker: GatedBroker;
  readonly cluster: MemoryCluster;
  readonly metrics: RecordingMetrics;
  /** Another gateway of the same cluster. */
  sibling(): TestGateway;
  /** Joins `CHANNEL`, unless another one is named, with a rule that keeps everything, unless another one is given. */
  join(
    member: FakeMember,
    how?: {
      readonly position?: Position;
      readonly chain?: EpochChain;
      readonly channel?: ChannelName;
      readonly rule?: ChannelRule;
    },
  ): Promise<Grant | undefined>;
  leave(member: FakeMember): void;
  publish(n: number, rule?: ChannelRule, text?: string): Promise<void>;
  /** Epoch of what is written now. */
  epoch(): string;
  /** Lets everything under way finish without moving time. */
  settle(): Promise<void>;
  /** Moves time on. */
  run(ms: number): Promise<void>;
};

/** Makes a gateway, alone or in `cluster`. */
export function gatewayOf(
  clock = createFakeClock(),
  cluster = new MemoryCluster({ clock, random: createSeededRandom(1) }),
): TestGateway {
  const [random, metrics] = [createSeededRandom(2), createRecordingMetrics()];
  const broker = gatedBroker(createMemoryTier(cluster, { random }).broker);
  const observer = { opened: () => {}, closed: () => {}, doubted: () => {}, delivered: () => {} };
  const hub = new Hub({ broker, clock, random, metrics, log: silentLogger, observer });
  void broker.start(hub);
  let written = '';
  return {
    hub,
    broker,
    cluster,
    metrics,
    sibling: () => gatewayOf(clock, cluster),
    async join(member, { position, chain, channel = CHANNEL, rule = channelRule() } = {}) {
      let grant: Grant | undefined;
      await hub.join(channel, member, {
        rule,
        position,
        chain,
        wanted: () => true,
        welcome: given => {
          grant = given;
        },
      });
      return grant;
    },
    leave: member => void hub.leave(CHANNEL, member.id),
    async publish(n, rule = channelRule(), text) {
      const data = { n, ...(text !== undefined && { text }) };
      const published = await broker.publish(publishOf(data, rule, clock.nowMs()));
      if (published.ok) written = published.value.position?.epoch ?? written;
    },
    epoch: () => written,
    settle: () => clock.run(0),
    run: ms => clock.run(ms),
  };
}

function publishOf(data: Json, { history }: ChannelRule, atMs: number): PublishCommand {
  const entry = { event: 'chat:message:send' as EventName, version: 1, data, atMs };
  return {
    channel: CHANNEL,
    entry,
    ack: 'primary',
    idempotencyMs: 1_000,
    visibility: 'stored',
    history,
  };
}
