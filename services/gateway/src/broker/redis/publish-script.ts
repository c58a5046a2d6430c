import { assert, err, ok, type Result } from '@kittiwake/base';
import { CHAIN_LINKS_MAX, type Position, type Producer } from '@kittiwake/protocol';
import type { BrokerFailure, PublishCommand, PublishOutcome } from '../broker.ts';
import { levelOf } from '../level-of.ts';
import { FENCED, sequenceGap } from '../producer-refusal.ts';
import { writeBody } from './envelope.ts';
import { unavailable } from './failure-of.ts';
import { historyKey, idempotencyKey, numberKey, producerKey, stateKey, topicOf } from './keys.ts';
import type { Link } from './lane.ts';
import type { RedisClient } from './redis-client.ts';
import { HIDDEN_MAX, RETENTION_MS } from './redis-timing.ts';

/** A publication in the log, and the position up to which it must be shown, where it is hidden (SPEC C11). */
export type Stored = { readonly outcome: PublishOutcome; readonly hiddenTo: Position | undefined };

/** The answer where a channel hides as much as it may; nothing was stored. */
export const HIDDEN_FULL: BrokerFailure = unavailable(
  'too many publications of the channel wait for a replica',
);

/** What the script says became of a publish. */
const VERDICT = { stored: 0, duplicate: 1, fenced: 2, gap: 3, hiddenFull: 4 } as const;

/** Runs the publish script on a checked connection (SPEC B1, B2). */
export class PublishScript {
  #nonce = 0;

  /** Stores the publication, or finds it stored; a refusal of its producer is a failure. */
  async run(
    client: RedisClient,
    link: Link,
    command: PublishCommand,
  ): Promise<Result<Stored, BrokerFailure>> {
    this.#nonce += 1;
    const nonce = `${link.salt}${this.#nonce.toString(36)}`;
    // The same script: who has no producer does not pay for its key.
    const script = command.producer === undefined ? 'kwPublish' : 'kwPublishNumbered';
    const reply = await client.run(script, [...keysOf(command), ...argumentsOf(command, link, nonce)]);
    assert(Array.isArray(reply), 'the publish script gives a list');
    const [verdict, first, epoch, head, headEpoch] = reply;
    switch (verdict) {
      case VERDICT.fenced:
        return err(FENCED);
      case VERDICT.gap:
        return err(sequenceGap(Number(first), command.idempotencyMs));
      case VERDICT.hiddenFull:
        return err(HIDDEN_FULL);
    }
    assert(typeof first === 'string' && typeof epoch === 'string', 'what is stored has a position');
    const position = first === '' ? {} : { position: { offset: Number(first), epoch } };
    return ok({
      outcome: { ...position, level: levelOf(command), duplicate: verdict === VERDICT.duplicate },
      hiddenTo: head === undefined ? undefined : { offset: Number(head), epoch: String(headEpoch) },
    });
  }
}

function keysOf({ channel, key, producer }: PublishCommand): readonly string[] {
  const keys = [stateKey(channel), historyKey(channel)];
  if (producer !== undefined) return [...keys, numberKey(channel, producer), producerKey(channel, producer)];
  return [...keys, key === undefined ? stateKey(channel) : idempotencyKey(channel, key)];
}

function numberOf({ epoch, sequence, follows }: Producer): readonly (string | number)[] {
  return [epoch, sequence, follows ?? ''];
}

function argumentsOf(command: PublishCommand, link: Link, nonce: string): readonly (string | number)[] {
  const { channel, key, producer, history, visibility } = command;
  const isRemembered = key !== undefined || producer !== undefined;
  const hiddenMax = visibility === 'replicated' ? [HIDDEN_MAX] : [];
  return [
    link.replid,
    nonce,
    writeBody(command.entry),
    topicOf(channel),
    history.size,
    history.size === 0 ? 0 : Math.max(1, history.ageMs),
    isRemembered ? Math.max(1, command.idempotencyMs) : 0,
    RETENTION_MS,
    CHAIN_LINKS_MAX,
    ...(producer === undefined ? hiddenMax : [hiddenMax[0] ?? '', ...numberOf(producer)]),
  ];
}
