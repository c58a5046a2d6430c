import type { Clock } from '@kittiwake/base';
import type { Redis } from 'ioredis';
import type { RedisClient, RedisClientHandler, RedisClientPhase } from './redis-client.ts';
import type { ScriptName } from './scripts.ts';

type Scripts = Record<ScriptName, (...args: readonly (string | number)[]) => Promise<unknown>>;

/** The port over ioredis. Everything that is sent during one turn of the event loop goes out in one write. */
export class IoredisClient implements RedisClient {
  readonly #redis: Redis;
  readonly #clock: Pick<Clock, 'turn'>;
  #corked = false;

  constructor(redis: Redis, clock: Pick<Clock, 'turn'>) {
    this.#redis = redis;
    this.#clock = clock;
  }

  get connection(): unknown {
    return this.#redis.stream;
  }

  get phase(): RedisClientPhase {
    const { status } = this.#redis;
    if (status === 'ready') return 'ready';
    return status === 'end' ? 'ended' : 'connecting';
  }

  listen(handler: RedisClientHandler): void {
    this.#redis.on('ready', () => handler.ready());
    this.#redis.on('close', () => handler.closed());
    this.#redis.on('end', () => handler.ended());
    this.#redis.on('error', reason => handler.failed(reason));
    this.#redis.on('message', (topic: string, text: string) => handler.message(topic, text));
  }

  connect(): void {
    // How it ends is told by the events.
    this.#redis.connect().catch(() => {});
  }

  disconnect(again: boolean): void {
    this.#redis.disconnect(again);
  }

  info(): Promise<string> {
    return this.#redis.info('replication', 'memory');
  }

  run(script: ScriptName, args: readonly (string | number)[]): Promise<unknown> {
    this.#cork();
    return (this.#redis as unknown as Scripts)[script](...args);
  }

  publish(topic: string, text: string): Promise<number> {
    this.#cork();
    return this.#redis.publish(topic, text);
  }

  subscribe(topics: readonly string[]): Promise<unknown> {
    this.#cork();
    return this.#redis.subscribe(...topics);
  }

  unsubscribe(topics: readonly string[]): Promise<unknown> {
    this.#cork();
    return this.#redis.unsubscribe(...topics);
  }

  wait(replicas: number, timeoutMs: number): Promise<number> {
    return this.#redis.wait(replicas, timeoutMs);
  }

  async hashValues(key: string): Promise<readonly string[]> {
    return Object.values(await this.#redis.hvals(key));
  }

  #cork(): void {
    if (this.#corked) return;
    const { stream } = this.#redis;
    this.#corked = true;
    stream.cork();
    this.#clock.turn(() => {
      this.#corked = false;
      stream.uncork();
    });
  }
}
