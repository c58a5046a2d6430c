import { type Clock, type Millis, ok, type Result } from '@kittiwake/base';
import type { BrokerFailure } from '../broker.ts';
import type { ControlMessage, GatewayBus, GatewayInfo, ListedGateway } from '../gateway-bus.ts';
import type { PresenceTiming } from '../presence-timing.ts';
import { readGatewayInfo } from './envelope.ts';
import { CONTROL_TOPIC, GATEWAY_EXPIRIES_KEY, GATEWAYS_KEY } from './keys.ts';
import type { RedisCore } from './redis-core.ts';
import { REDIS_TIMING } from './redis-timing.ts';

/** What the bus needs. */
export type RedisBusDeps = {
  readonly core: RedisCore;
  readonly clock: Clock;
  readonly timing: PresenceTiming;
};

/** Gateways that are listed at most. */
const GATEWAYS_MAX = 1_000;

/** The bus in Redis: a topic for control messages, a hash for what gateways announce. */
export class RedisBus implements GatewayBus {
  readonly #core: RedisCore;
  readonly #clock: Clock;
  readonly #timing: PresenceTiming;
  #end: (() => void) | undefined;
  #subscribed = false;

  constructor({ core, clock, timing }: RedisBusDeps) {
    this.#core = core;
    this.#clock = clock;
    this.#timing = timing;
  }

  /** Resolves once messages arrive, or after a deadline; then they arrive as soon as there is a connection. */
  async start(onMessage: (message: ControlMessage) => void): Promise<void> {
    if (this.#end !== undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const attempt = (): void => void this.#subscribe().then(resolve);
    this.#end = this.#core.subscriber.listen({
      onRecord: record => {
        if (record.kind === 'control') onMessage(record.message);
      },
      onResubscribed: attempt,
    });
    this.#core.acquire();
    if (this.#core.subscriber.live) attempt();
    const deadline = this.#clock.after(REDIS_TIMING.startMs, resolve);
    await promise;
    deadline.cancel();
  }

  async stop(): Promise<void> {
    if (this.#end === undefined) return;
    this.#end();
    this.#end = undefined;
    if (this.#subscribed) await this.#core.subscriber.unsubscribe(CONTROL_TOPIC, 'bus');
    this.#subscribed = false;
    await this.#core.release();
  }

  async broadcast(message: ControlMessage): Promise<Result<void, BrokerFailure>> {
    const sent = await this.#core.commands.call({ operation: 'bus', writes: true }, client =>
      client.publish(CONTROL_TOPIC, JSON.stringify(message)),
    );
    return sent.ok ? ok() : sent;
  }

  async announce(info: GatewayInfo): Promise<Result<void, BrokerFailure>> {
    const sent = await this.#core.commands.call({ operation: 'bus', writes: true }, client =>
      client.run('kwGatewayAnnounce', [
        GATEWAYS_KEY,
        GATEWAY_EXPIRIES_KEY,
        info.gateway,
        JSON.stringify({ ...info, heardAgoMs: Math.round(this.heardAgoMs()) }),
        this.#timing.gatewayTtlMs,
      ]),
    );
    return sent.ok ? ok() : sent;
  }

  async gateways(): Promise<Result<readonly ListedGateway[], BrokerFailure>> {
    const listed = await this.#core.commands.call({ operation: 'bus', writes: false }, client =>
      client.run('kwGatewayList', [GATEWAYS_KEY, GATEWAY_EXPIRIES_KEY, GATEWAYS_MAX]),
    );
    if (!listed.ok) return listed;
    const replies = Array.isArray(listed.value) ? listed.value : [];
    return ok(
      replies.flatMap((text, index) =>
        index % 2 === 0 ? this.#listed(String(text), Number(replies[index + 1])) : [],
      ),
    );
  }

  heardAgoMs(): Millis {
    return this.#core.heardAgoMs;
  }

  /** What is told about a while ago is older by the age of the announcement, which lives for so long yet. */
  #listed(text: string, leftMs: Millis): readonly ListedGateway[] {
    const info = readGatewayInfo(text);
    if (info === undefined) return [];
    if (info.heardAgoMs === undefined) return [info];
    const ageMs = Math.max(0, this.#timing.gatewayTtlMs - leftMs);
    return [{ ...info, heardAgoMs: info.heardAgoMs + ageMs }];
  }

  async #subscribe(): Promise<void> {
    if (this.#subscribed) return;
    this.#subscribed = (await this.#core.subscriber.subscribe(CONTROL_TOPIC, 'bus')).ok;
  }
}
