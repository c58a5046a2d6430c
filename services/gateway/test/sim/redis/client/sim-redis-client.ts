import { fullJitter, type Random, type Timer } from '@kittiwake/base';
import type { SimHost } from '@kittiwake/testkit';
import type { Follower, PrimaryFinder } from '../../../../src/broker/redis/primary/primary-finder.ts';
import type { RedisAddress } from '../../../../src/broker/redis/primary/probe.ts';
import type {
  LaneName,
  RedisClient,
  RedisClientHandler,
  RedisClientPhase,
} from '../../../../src/broker/redis/redis-client.ts';
import { REDIS_TIMING } from '../../../../src/broker/redis/redis-timing.ts';
import type { ScriptName } from '../../../../src/broker/redis/scripts.ts';
import type { Reply } from '../keyspace/script-runner.ts';
import type { Question } from '../server/request.ts';
import { ClientConnection } from './client-connection.ts';
import type { QuietClock } from './quiet-clock.ts';
import type { TierAccess } from './tier-access.ts';
import type { Watch } from './watch.ts';

/** What a client is made of. */
export type SimRedisClientParts = {
  readonly lane: LaneName;
  readonly host: SimHost;
  readonly random: Random;
  readonly tier: TierAccess;
  readonly finder: PrimaryFinder;
  /** The finder's clock. */
  readonly quiet: QuietClock;
  readonly watch: Watch;
};

/** What ioredis calls its status. */
type ClientState =
  | { readonly phase: 'idle' | 'ended' }
  | { readonly phase: 'resolving'; isCalledOff: boolean }
  | { readonly phase: 'connected'; readonly connection: ClientConnection }
  | { readonly phase: 'waiting'; readonly timer: Timer };

const RECONNECT = { baseMs: REDIS_TIMING.reconnectBaseMs, capMs: REDIS_TIMING.reconnectCapMs };
/** Between two looks for a primary, as the connector waits. */
const AGAIN = { baseMs: REDIS_TIMING.reconnectBaseMs, capMs: 2 * REDIS_TIMING.reconnectBaseMs };
/** Looks in vain before nobody is believed to lead: the newest survey need not be the one that this client heard of. */
const SURE_AFTER = 3;
const CLOSED = 'Connection is closed.';

/**
 * What ioredis and our connector are to a lane, with the options of `connections.ts`: it goes where the finder says,
 * reconnects by itself, queues nothing and sends nothing twice. Rejections carry ioredis' own words, since
 * `failure-of.ts` reads them.
 */
export class SimRedisClient implements RedisClient, Follower {
  readonly #parts: SimRedisClientParts;
  #handler: RedisClientHandler | undefined;
  #state: ClientState = { phase: 'idle' };
  #connection: ClientConnection | undefined;
  /** Where its connection leads. */
  address: RedisAddress | undefined;
  #attempts = 0;
  #isClosingForGood = false;

  constructor(parts: SimRedisClientParts) {
    this.#parts = parts;
  }

  /** The last one stays until there is another, as a socket does that was closed. */
  get connection(): unknown {
    return this.#connection;
  }

  get phase(): RedisClientPhase {
    if (this.#state.phase === 'ended') return 'ended';
    return this.#state.phase === 'connected' && this.#connection?.stage === 'ready' ? 'ready' : 'connecting';
  }

  listen(handler: RedisClientHandler): void {
    this.#handler = handler;
  }

  connect(): void {
    if (this.#state.phase === 'resolving' || this.#state.phase === 'connected') return;
    if (this.#state.phase === 'waiting') this.#state.timer.cancel();
    const resolving = { phase: 'resolving', isCalledOff: false } as const satisfies ClientState;
    this.#state = resolving;
    this.address = undefined;
    this.#parts.finder.follow(this);
    this.#resolve(resolving, 0);
  }

  /** Another server leads. */
  leave(): void {
    this.address = undefined;
    if (this.#state.phase === 'connected') this.#state.connection.destroy();
  }

  disconnect(again: boolean): void {
    if (!again) this.#isClosingForGood = true;
    if (this.#state.phase !== 'idle') {
      this.address = undefined;
      this.#parts.finder.unfollow(this);
    }
    switch (this.#state.phase) {
      case 'idle':
        this.#end();
        break;
      case 'resolving':
        this.#state.isCalledOff = true;
        break;
      case 'connected':
        this.#state.connection.end();
        break;
      case 'waiting':
        if (!again) this.#state.timer.cancel();
        break;
      case 'ended':
        break;
    }
  }

  info(): Promise<string> {
    return this.#ask({ kind: 'info' }) as Promise<string>;
  }

  run(script: ScriptName, args: readonly (string | number)[]): Promise<unknown> {
    if (this.#state.phase !== 'connected') return Promise.reject(new Error(this.#whyNot()));
    return this.#state.connection.run(
      script,
      args.map(argument => (typeof argument === 'string' ? argument : String(argument))),
    );
  }

  publish(topic: string, text: string): Promise<number> {
    return this.#ask({ kind: 'publish', topic, text }) as Promise<number>;
  }

  subscribe(topics: readonly string[]): Promise<unknown> {
    return this.#ask({ kind: 'subscribe', topics });
  }

  unsubscribe(topics: readonly string[]): Promise<unknown> {
    return this.#ask({ kind: 'unsubscribe', topics });
  }

  wait(replicas: number, timeoutMs: number): Promise<number> {
    return this.#ask({ kind: 'wait', replicas, timeoutMs }) as Promise<number>;
  }

  hashValues(key: string): Promise<readonly string[]> {
    return this.#ask({ kind: 'hvals', key }) as Promise<readonly string[]>;
  }

  #ask(question: Question): Promise<Reply> {
    if (this.#state.phase === 'connected') return this.#state.connection.ask(question);
    return Promise.reject(new Error(this.#whyNot()));
  }

  #whyNot(): string {
    return this.#state.phase === 'ended'
      ? CLOSED
      : "Stream isn't writeable and enableOfflineQueue options is false";
  }

  /** Looks until somebody leads; ioredis ends for good when it is disconnected meanwhile. */
  #resolve(resolving: ClientState & { readonly phase: 'resolving' }, attempt: number): void {
    void this.#parts.finder.find().then(address => {
      if (this.#state !== resolving) return;
      if (resolving.isCalledOff) {
        this.#handler?.failed(new Error(CLOSED));
        this.#end();
      } else if (address !== undefined) this.#open(address);
      else this.#again(attempt, () => this.#resolve(resolving, attempt + 1));
    });
  }

  /** As the connector waits; asking again what was just asked, though nothing has stirred since, is of no use. */
  #again(attempt: number, look: () => void): void {
    const { quiet, host, random } = this.#parts;
    const delayMs = fullJitter(AGAIN, attempt, random);
    if (quiet.holds && attempt > SURE_AFTER) quiet.park(delayMs, look);
    else host.clock.after(delayMs, look);
  }

  #open(address: RedisAddress): void {
    const { lane, host, tier, watch } = this.#parts;
    const connection: ClientConnection = new ClientConnection({
      node: address.host,
      lane,
      host,
      tier,
      watch,
      events: {
        ready: () => {
          this.#attempts = 0;
          this.#handler?.ready();
        },
        failed: reason => this.#handler?.failed(reason),
        closed: () => this.#closed(),
        message: (topic, text) => this.#handler?.message(topic, text),
      },
    });
    this.address = address;
    this.#connection = connection;
    this.#state = { phase: 'connected', connection };
    connection.open();
  }

  #closed(): void {
    if (this.#isClosingForGood) {
      this.#isClosingForGood = false;
      this.#end();
      return;
    }
    this.#attempts += 1;
    const { host, random } = this.#parts;
    const timer = host.clock.after(fullJitter(RECONNECT, this.#attempts, random), () => this.connect());
    this.#state = { phase: 'waiting', timer };
    this.#handler?.closed();
  }

  #end(): void {
    this.#state = { phase: 'ended' };
    this.#handler?.closed();
    this.#handler?.ended();
  }
}
