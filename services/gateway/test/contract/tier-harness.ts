import type {
  ChannelName,
  EventName,
  Json,
  Position,
  Publication,
  SessionId,
  UserId,
} from '@kittiwake/protocol';
import { until } from '@kittiwake/testkit';
import type { BrokerHandler, PublishCommand } from '../../src/broker/broker.ts';
import type { BrokerStatus } from '../../src/broker/broker-status.ts';
import type { PresenceTiming } from '../../src/broker/presence-timing.ts';
import type { BrokerTier } from '../../src/broker/tier-options.ts';

/** What a contract suite needs of the tier that it runs against. */
export type TierHarness = {
  /** A further gateway on the same tier, its ports not started yet. */
  gateway(): BrokerTier;
  /** Lets time pass, for ages and expiries. */
  pass(ms: number): Promise<void>;
  /**
   * Runs `write`, then loses what it wrote, and nothing else: the tier goes on as another history, as after a failover to a
   * replica that was behind.
   */
  lose(write: () => Promise<readonly Position[]>): Promise<void>;
  /** What `publish` answers where `replicated` was asked for. */
  readonly replicated: 'replicated' | 'unknown_outcome';
  stop(): Promise<void>;
};

/** Times that a suite on a real server can wait for. */
export const QUICK_TIMING: PresenceTiming = {
  ttlMs: 600,
  touchEveryMs: 200,
  sweepEveryMs: 100,
  gatewayTtlMs: 600,
};

/** A handler that keeps what it is told. */
export type RecordingHandler = BrokerHandler & {
  readonly publications: Publication[];
  readonly doubts: ChannelName[];
  readonly statuses: BrokerStatus[];
};

export function recordingHandler(): RecordingHandler {
  const publications: Publication[] = [];
  const doubts: ChannelName[] = [];
  const statuses: BrokerStatus[] = [];
  return {
    publications,
    doubts,
    statuses,
    onPublication: publication => void publications.push(publication),
    onDoubt: channels => void doubts.push(...channels),
    onStatus: status => void statuses.push(status),
  };
}

let channels = 0;

/** A channel that no other test uses. */
export function newChannel(): ChannelName {
  channels += 1;
  return `chat:${process.pid}-${channels}` as ChannelName;
}

/** A command that publishes `data`, with room for 1,000 entries of a minute unless told otherwise. */
export function publishing(
  channel: ChannelName,
  data: Json,
  options: Partial<Omit<PublishCommand, 'channel' | 'entry'>> = {},
): PublishCommand {
  return {
    channel,
    entry: { event: 'chat:message:send' as EventName, version: 1, data, atMs: 1_767_225_600_000 },
    ack: 'primary',
    idempotencyMs: 60_000,
    visibility: 'stored',
    history: { size: 1_000, ageMs: 60_000 },
    ...options,
  };
}

/** Publishes and expects to be acknowledged. */
export async function mustPublish(tier: BrokerTier, command: PublishCommand): Promise<Position> {
  const published = await tier.broker.publish(command);
  if (!published.ok) throw new Error(`not published: ${published.error.kind} ${published.error.message}`);
  const { position } = published.value;
  if (position === undefined) throw new Error('published, and nobody knows where');
  return position;
}

/** Publishes until it is acknowledged: after a failover the tier is away for a while. The key keeps it to one entry. */
export function keepPublishing(tier: BrokerTier, command: PublishCommand): Promise<Position> {
  return until(
    async () => {
      const published = await tier.broker.publish({ ...command, key: JSON.stringify(command.entry.data) });
      return published.ok && published.value.position;
    },
    { timeoutMs: 15_000, what: 'the tier takes publishes again' },
  );
}

/** An entry of presence. */
export function present(
  member: string,
  data: Json = null,
): {
  readonly member: SessionId;
  readonly user: UserId;
  readonly data: Json;
} {
  return { member: member as SessionId, user: `user-${member}` as UserId, data };
}
