import type { Random } from '@kittiwake/base';
import type { SimLoop, SimNetwork } from '@kittiwake/testkit';
import type { Effects, Keyspace } from '../keyspace/keyspace.ts';
import type { Point } from './history.ts';

/** What the whole tier suffers from, or is configured with. */
export type TierCondition = {
  fullDisk: boolean;
  outOfMemory: boolean;
  withoutRights: boolean;
  /** `min-replicas-to-write`. */
  minReplicas: number;
};

/** Is told of what changes what nodes hold. */
export type NodeWatcher = {
  /** A primary wrote the unit that `at` names. */
  written(at: Point, unit: Effects, data: Keyspace): void;
  /** A node leads, from where it stands. */
  led(node: { readonly name: string; readonly at: Point }): void;
  /** A node's data was replaced. */
  moved(name: string, from: Point, to: Point): void;
  /** A node is something else than before, hangs or goes on. */
  changed(): void;
};

/** What a node is made of. */
export type NodeParts = {
  readonly name: string;
  readonly loop: SimLoop;
  readonly network: SimNetwork;
  readonly random: Random;
  readonly condition: TierCondition;
  readonly watcher: NodeWatcher;
};
