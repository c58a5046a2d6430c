import type { PipeTrouble, SimLoop, SimNetwork } from '@kittiwake/testkit';
import type { Dialing, TierAccess } from './client/tier-access.ts';
import { compiledScript } from './compiled-scripts.ts';
import { SimConnection } from './server/connection.ts';
import type { SimRedisNode } from './server/sim-redis-node.ts';

/** What the routes lead to. */
export type TierRoutesParts = {
  readonly loop: SimLoop;
  readonly network: SimNetwork;
  readonly nodes: readonly SimRedisNode[];
};

/** The ways from gateways to nodes. */
export class TierRoutes implements TierAccess {
  readonly script = compiledScript;
  /** What announcements suffer on their way to subscribers. */
  readonly trouble: { announcements: PipeTrouble | undefined } = { announcements: undefined };
  readonly #parts: TierRoutesParts;

  constructor(parts: TierRoutesParts) {
    this.#parts = parts;
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
}
