import { createConnection, type Socket } from 'node:net';
import { type Clock, delay, fullJitter, type Random } from '@kittiwake/base';
import { AbstractConnector, type RedisOptions } from 'ioredis';
import { REDIS_TIMING } from '../redis-timing.ts';
import type { Follower, PrimaryFinder } from './primary-finder.ts';
import type { RedisAddress } from './probe.ts';

/** What connectors share. */
export type FinderConnectorDeps = {
  readonly finder: PrimaryFinder;
  readonly clock: Clock;
  readonly random: Random;
};

/** Between two looks for a primary; a survey takes as long again. */
const AGAIN = { baseMs: REDIS_TIMING.reconnectBaseMs, capMs: 2 * REDIS_TIMING.reconnectBaseMs };

/** How ioredis gets its connections: to the server that the finder says leads, for as long as it does. */
export function finderConnector(deps: FinderConnectorDeps): NonNullable<RedisOptions['Connector']> {
  return class extends FinderConnector {
    constructor() {
      super(deps);
    }
  };
}

class FinderConnector extends AbstractConnector implements Follower {
  readonly #deps: FinderConnectorDeps;
  address: RedisAddress | undefined;

  constructor(deps: FinderConnectorDeps) {
    super(REDIS_TIMING.disconnectMs);
    this.#deps = deps;
  }

  async connect(): Promise<Socket> {
    const { finder, clock, random } = this.#deps;
    this.connecting = true;
    this.address = undefined;
    finder.follow(this);
    for (let attempt = 0; ; attempt += 1) {
      const address = await finder.find();
      if (!this.connecting) throw new Error('Connection is closed.');
      if (address !== undefined) return this.#open(address);
      await delay(clock, fullJitter(AGAIN, attempt, random));
    }
  }

  override disconnect(): void {
    this.address = undefined;
    this.#deps.finder.unfollow(this);
    super.disconnect();
  }

  /** Not `end`: a server that hangs would keep what was sent to it waiting. */
  leave(): void {
    this.address = undefined;
    this.stream.destroy();
  }

  #open(address: RedisAddress): Socket {
    const socket = createConnection(address);
    socket.once('error', reason => {
      this.firstError = reason;
    });
    this.address = address;
    this.stream = socket;
    return socket;
  }
}
