import { type Deferred, deferred } from '@kittiwake/base';
import type {
  RedisClient,
  RedisClientHandler,
  RedisClientPhase,
} from '../../src/broker/redis/redis-client.ts';
import type { ScriptName } from '../../src/broker/redis/scripts.ts';

/** A command that was sent and waits for what the test answers. */
export type SentCommand = {
  readonly name: ScriptName | 'wait';
  readonly args: readonly (string | number)[];
  answer(reply: unknown): void;
  /** Answers with an error, whose message begins with Redis' own word. */
  refuse(message: string): void;
};

/** A connection whose answers a test gives, one by one. It is up once `connect` was called. */
export class FakeRedisClient implements RedisClient {
  /** Scripts and WAITs that were not answered yet, oldest first. */
  readonly sent: SentCommand[] = [];
  connection: unknown;
  phase: RedisClientPhase = 'connecting';
  #handler: RedisClientHandler | undefined;

  listen(handler: RedisClientHandler): void {
    this.#handler = handler;
  }

  connect(): void {
    this.connection = {};
    this.phase = 'ready';
    this.#handler?.ready();
  }

  disconnect(again: boolean): void {
    this.phase = 'connecting';
    this.connection = undefined;
    for (const command of this.sent.splice(0)) command.refuse('Connection is closed.');
    this.#handler?.closed();
    if (again) this.connect();
  }

  async info(): Promise<string> {
    return `role:master\r\nmaster_replid:${'a'.repeat(40)}\r\n`;
  }

  /** Everything is permitted: only what a connection is for is left to the test. */
  async run(script: ScriptName, args: readonly (string | number)[]): Promise<unknown> {
    return script === 'kwRights' ? [] : this.#send(script, args);
  }

  async wait(replicas: number, timeoutMs: number): Promise<number> {
    return replicas === 0 ? 0 : Number(await this.#send('wait', [replicas, timeoutMs]));
  }

  async publish(): Promise<number> {
    return 0;
  }

  async subscribe(): Promise<unknown> {
    return undefined;
  }

  async unsubscribe(): Promise<unknown> {
    return undefined;
  }

  async hashValues(): Promise<readonly string[]> {
    return [];
  }

  #send(name: SentCommand['name'], args: readonly (string | number)[]): Promise<unknown> {
    const reply: Deferred<unknown> = deferred();
    this.sent.push({
      name,
      args,
      answer: value => reply.resolve(value),
      refuse: message => reply.reject(new Error(message)),
    });
    return reply.promise;
  }
}
