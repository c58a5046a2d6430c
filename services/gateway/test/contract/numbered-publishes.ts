import assert from 'node:assert/strict';
import type { ChannelName, Producer } from '@kittiwake/protocol';
import type { PublishCommand } from '../../src/broker/broker.ts';
import type { BrokerTier } from '../../src/broker/tier-options.ts';
import { publishing, type TierHarness } from './tier-harness.ts';

/** Two gateways of one tier. */
export type Subject = () => {
  readonly harness: TierHarness;
  readonly here: BrokerTier;
  readonly there: BrokerTier;
};

/** A numbered publish, and what else is said with it. */
export type Numbered = Producer & Partial<Pick<PublishCommand, 'key' | 'idempotencyMs'>>;

/** What became of a publish, in short: `3` stored at offset 3, `=3` the duplicate of it, `=` of one that is forgotten. */
export type Outcome = string;

/** The publish of a number, in the first life of one producer. */
export function numbered(sequence: number, follows?: number): Producer {
  return { id: 'orders-1', epoch: 1, sequence, ...(follows !== undefined && { follows }) };
}

/** What a numbered publish has for data. */
export function sayOf({ id, epoch, sequence }: Producer): string {
  return `${id} ${epoch} ${sequence}`;
}

export async function publishNumbered(
  tier: BrokerTier,
  channel: ChannelName,
  { key, idempotencyMs, ...producer }: Numbered,
): Promise<Outcome> {
  const command = publishing(channel, sayOf(producer), {
    producer,
    ...(key !== undefined && { key }),
    ...(idempotencyMs !== undefined && { idempotencyMs }),
  });
  const published = await tier.broker.publish(command);
  if (published.ok) return `${published.value.duplicate ? '=' : ''}${published.value.position?.offset ?? ''}`;
  const { kind, expectedSequence } = published.error;
  return expectedSequence === undefined ? kind : `${kind} ${expectedSequence}`;
}

/** One after another. */
export async function publishEach(
  tier: BrokerTier,
  channel: ChannelName,
  publishes: readonly Numbered[],
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const publish of publishes) outcomes.push(await publishNumbered(tier, channel, publish));
  return outcomes;
}

/** The data of what a channel holds. */
export async function storedIn({ broker }: BrokerTier, channel: ChannelName): Promise<readonly unknown[]> {
  const page = await broker.read(channel, { limit: 100 });
  assert.ok(page.ok);
  return page.value.publications.map(one => one.data);
}
