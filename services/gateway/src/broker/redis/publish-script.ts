import { assert } from '@kittiwake/base';
import { CHAIN_LINKS_MAX } from '@kittiwake/protocol';
import type { PublishCommand, PublishOutcome } from '../broker.ts';
import { writeBody } from './envelope.ts';
import { historyKey, idempotencyKey, stateKey, topicOf } from './keys.ts';
import type { Link } from './lane.ts';
import type { RedisClient } from './redis-client.ts';

/**
 * How long an idle channel's offsets and chain are remembered. A channel that comes back later begins anew, under a new
 * epoch, so that a position of its former life is noticed.
 */
const RETENTION_MS = 24 * 3_600_000;

/** Runs the publish script on a checked connection (SPEC B1, B2). */
export class PublishScript {
  #nonce = 0;

  async run(client: RedisClient, link: Link, command: PublishCommand): Promise<PublishOutcome> {
    const { channel, key, history } = command;
    this.#nonce += 1;
    const reply = await client.run('kwPublish', [
      stateKey(channel),
      historyKey(channel),
      key === undefined ? stateKey(channel) : idempotencyKey(channel, key),
      link.replid,
      `${link.salt}${this.#nonce.toString(36)}`,
      writeBody(command.entry),
      topicOf(channel),
      history.size,
      history.size === 0 ? 0 : Math.max(1, history.ageMs),
      key === undefined ? 0 : Math.max(1, command.idempotencyMs),
      RETENTION_MS,
      CHAIN_LINKS_MAX,
    ]);
    assert(Array.isArray(reply) && reply.length === 3, 'the publish script gives three values');
    const [duplicate, offset, epoch] = reply;
    return {
      position: { offset: Number(offset), epoch: String(epoch) },
      level: command.ack === 'received' ? 'primary' : command.ack,
      duplicate: duplicate === 1,
    };
  }
}
