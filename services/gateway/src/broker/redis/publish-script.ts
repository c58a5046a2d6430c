import { assert, err, ok, type Result } from '@kittiwake/base';
import { CHAIN_LINKS_MAX } from '@kittiwake/protocol';
import type { BrokerFailure, PublishCommand, PublishOutcome } from '../broker.ts';
import { levelOf } from '../level-of.ts';
import { FENCED, sequenceGap } from '../producer-refusal.ts';
import { writeBody } from './envelope.ts';
import { unavailable } from './failure-of.ts';
import { historyKey, idempotencyKey, numberKey, producerKey, stateKey, topicOf } from './keys.ts';
import type { Link } from './lane.ts';
import type { RedisClient } from './redis-client.ts';
import { HIDDEN_MAX, RETENTION_MS } from './redis-timing.ts';

/** A publication in the log, and the offset up to which it must be shown, where it is hidden (SPEC C11). */
export type Stored = { readonly outcome: PublishOutcome; readonly hiddenTo: number | undefined };

/** The answer where a channel hides as much as it may; nothing was stored. */
export const HIDDEN_FULL: BrokerFailure = unavailable(
  'too many publications of the channel wait for a replica',
);

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
    const reply = await client.run('kwPublish', [...keysOf(command), ...argumentsOf(command, link, nonce)]);
    assert(Array.isArray(reply), 'the publish script gives a list');
    const [verdict, first, epoch, head] = reply.map(String);
    switch (verdict) {
      case 'fenced':
        return err(FENCED);
      case 'sequence_gap':
        return err(sequenceGap(Number(first)));
      case 'hidden_full':
        return err(HIDDEN_FULL);
    }
    assert(first !== undefined && epoch !== undefined, 'a publication that is stored has a position');
    const position = first === '' ? {} : { position: { offset: Number(first), epoch } };
    return ok({
      outcome: { ...position, level: levelOf(command), duplicate: verdict === 'duplicate' },
      hiddenTo: head === undefined || head === '' ? undefined : Number(head),
    });
  }
}

type Keys = readonly [state: string, history: string, record: string, producer: string];

function keysOf({ channel, key, producer }: PublishCommand): Keys {
  const [state, history] = [stateKey(channel), historyKey(channel)];
  if (producer !== undefined)
    return [state, history, numberKey(channel, producer), producerKey(channel, producer)];
  return [state, history, key === undefined ? state : idempotencyKey(channel, key), state];
}

function argumentsOf(command: PublishCommand, link: Link, nonce: string): readonly (string | number)[] {
  const { channel, key, producer, history } = command;
  const isRemembered = key !== undefined || producer !== undefined;
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
    producer?.epoch ?? '',
    producer?.sequence ?? '',
    command.visibility === 'replicated' ? HIDDEN_MAX : '',
  ];
}
