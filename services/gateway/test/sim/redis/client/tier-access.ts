import type { SimHost } from '@kittiwake/testkit';
import type { ScriptName } from '../../../../src/broker/redis/scripts.ts';
import type { Script } from '../keyspace/script-runner.ts';
import type { ClientEnd, SimConnection } from '../server/connection.ts';

/** How a client's connection is to be made. */
export type Dialing = {
  readonly node: string;
  readonly host: SimHost;
  readonly client: ClientEnd;
  /** The node's kernel has answered: somebody took the connection, or nobody is there. */
  dialed(isTaken: boolean): void;
};

/** The way to the tier, as a client sees it. */
export type TierAccess = {
  dial(dialing: Dialing): SimConnection;
  script(name: ScriptName): Script;
};
