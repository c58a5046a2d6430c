import type { PipeTrouble, SimHost, SimLoop, SimNetwork } from '@kittiwake/testkit';
import { REDIS_TIMING } from '../../../src/broker/redis/redis-timing.ts';
import type { Dialing, TierAccess } from './client/tier-access.ts';
import { compiledScript } from './compiled-scripts.ts';
import { SimConnection } from './server/connection.ts';
import type { SimRedisNode } from './server/sim-redis-node.ts';
import type { SimSentinels } from './server/sim-sentinels.ts';

/** What the routes lead to. */
export type TierRoutesParts = {
  readonly loop: SimLoop;
  readonly network: SimNetwork;
  readonly nodes: readonly SimRedisNode[];
  readonly sentinels: SimSentinels;
};

/** The ways from gateways to Sentinels and nodes. */
export class TierRoutes implements TierAccess {
  readonly script = compiledScript;
  /** What announcements suffer on their way to subscribers. */
  readonly trouble: { announcements: PipeTrouble | undefined } = { announcements: undefined };
  readonly #parts: TierRoutesParts;

  constructor(parts: TierRoutesParts) {
    this.#parts = parts;
  }

  findPrimary(host: SimHost, found: (node: string | undefined) => void): void {
    const { network, sentinels } = this.#parts;
    let isOver = false;
    const end = (node: string | undefined): void => {
      if (isOver) return;
      isOver = true;
      timer.cancel();
      found(node);
    };
    const timer = host.clock.after(REDIS_TIMING.connectMs, () => end(undefined));
    network.pipe(host, sentinels.host).send(() => {
      network.pipe(sentinels.host, host).send(() => end(sentinels.primary.name));
    });
  }

  dial({ node: name, host, client, dialed }: Dialing): SimConnection {
    const { loop, network, nodes } = this.#parts;
    const node = nodes.find(one => one.name === name);
    if (node === undefined) throw new Error(`there is no node ${name}`);
    const { server, host: serverHost } = node;
    const { trouble } = this;
    const connection = new SimConnection({
      loop,
      network,
      clientHost: host,
      serverHost,
      client,
      server,
      trouble,
    });
    // Kernels shake hands: a process that hangs is connected to all the same.
    network.whenOpen(host.name, name, () =>
      loop.after(network.latencyMs(), () => {
        const isTaken = node.server === server && node.role !== 'down';
        if (isTaken) server.accept(connection);
        network.whenOpen(name, host.name, () =>
          loop.after(network.latencyMs(), () => host.deliver(() => dialed(isTaken))),
        );
      }),
    );
    return connection;
  }

  listen(host: SimHost, switched: () => void): () => void {
    const { network, sentinels } = this.#parts;
    let stop = (): void => {};
    let isOver = false;
    network.pipe(host, sentinels.host).send(() => {
      if (!isOver) stop = sentinels.listen({ host, switched });
    });
    return () => {
      isOver = true;
      stop();
    };
  }
}
