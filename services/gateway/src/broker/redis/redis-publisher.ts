import { type Clock, err, ok, type Result } from '@kittiwake/base';
import type { ChannelName } from '@kittiwake/protocol';
import type { BrokerFailure, PublishCommand, PublishOutcome } from '../broker.ts';
import type { Lane } from './lane.ts';
import { HIDDEN_FULL, PublishScript, type Stored } from './publish-script.ts';
import type { RedisCore } from './redis-core.ts';
import { ReplicatedLane, type Written } from './replicated-lane.ts';
import { hiddenOf } from './reveal-script.ts';

/** Channels that are shown at the same time because a reader found something hidden; the next reader of another one tries again. */
const SHOWING_MAX = 1_000;

/** Publishes on the lane that the command needs, and shows what was left hidden (SPEC P2, C11). */
export class RedisPublisher {
  readonly #core: Pick<RedisCore, 'commands' | 'replicated'>;
  readonly #script = new PublishScript();
  readonly #replicated: ReplicatedLane;
  readonly #showing = new Set<ChannelName>();

  constructor(core: Pick<RedisCore, 'commands' | 'replicated'>, clock: Clock) {
    this.#core = core;
    this.#replicated = new ReplicatedLane(core.replicated, clock);
  }

  /** Stores the publication; resolves once the level that was asked for is reached. */
  async publish(command: PublishCommand): Promise<Result<PublishOutcome, BrokerFailure>> {
    const isReplicated = command.ack === 'replicated' || command.visibility === 'replicated';
    if (isReplicated) return this.#replicated.publish(lane => this.#write(lane, command));
    const stored = await this.#store(this.#core.commands, command);
    return stored.ok ? ok(stored.value.outcome) : stored;
  }

  /** Shows what is hidden in the channel once a replica holds it, one at a time; nobody needs to wait for it. */
  async show(channel: ChannelName): Promise<void> {
    if (this.#showing.has(channel) || this.#showing.size >= SHOWING_MAX) return;
    this.#showing.add(channel);
    await this.#replicated.publish(async lane => {
      const hidden = await hiddenOf(lane, channel);
      return hidden.ok ? ok({ value: undefined, hidden: hidden.value }) : hidden;
    });
    this.#showing.delete(channel);
  }

  async #write(lane: Lane, command: PublishCommand): Promise<Result<Written<PublishOutcome>, BrokerFailure>> {
    const { channel } = command;
    const stored = await this.#store(lane, command);
    // Nothing is written that a WAIT could cover: what is hidden is shown on its own.
    if (!stored.ok && stored.error === HIDDEN_FULL) void this.show(channel);
    if (!stored.ok) return stored;
    const { outcome, hiddenTo } = stored.value;
    return ok({ value: outcome, ...(hiddenTo !== undefined && { hidden: { channel, upTo: hiddenTo } }) });
  }

  async #store(lane: Lane, command: PublishCommand): Promise<Result<Stored, BrokerFailure>> {
    const reply = await lane.call({ operation: 'publish', writes: true }, (client, link) =>
      this.#script.run(client, link, command),
    );
    return reply.ok ? reply.value : err(reply.error);
  }
}
