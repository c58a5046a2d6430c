import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { type Clock, type Random, systemClock } from '@kittiwake/base';
import { type Connected, type Format, PROTOCOL_VERSION, SUBPROTOCOL } from '@kittiwake/protocol';
import { createSeededRandom, until } from '@kittiwake/testkit';
import { WebSocket } from 'ws';
import { MemoryCluster } from '../../src/broker/memory/memory-cluster.ts';
import { createMemoryTier } from '../../src/broker/memory/memory-tier.ts';
import type { BrokerTier } from '../../src/broker/tier-options.ts';
import type { GatewayConfig } from '../../src/config/gateway-config.ts';
import { createPrometheusMetrics } from '../../src/metrics/prometheus-metrics.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { noTracer } from '../../src/telemetry/no-tracer.ts';
import { createGateway, type Gateway, type ListeningPorts } from '../../src/wiring/gateway.ts';
import { within } from './deadline.ts';
import { TEST_API_KEY, testConfig } from './test-config.ts';
import { TestPeer } from './test-peer.ts';
import { type TokenOptions, tokenFor } from './test-token.ts';

/** What the gateways of one test share. */
export type World = { readonly clock: Clock; readonly random: Random; readonly cluster: MemoryCluster };

/** Makes a world: real time unless a clock is given, and one memory tier. */
export function createWorld(clock: Clock = systemClock): World {
  const random = createSeededRandom(7);
  return { clock, random, cluster: new MemoryCluster({ clock, random }) };
}

/** How a gateway of a test is made. */
export type GatewayOptions = {
  readonly world?: World;
  readonly id?: string;
  readonly config?: Partial<GatewayConfig>;
  /** The tier, where it is not that of the world. */
  readonly tier?: BrokerTier;
};

/** How a client comes. */
export type PeerOptions = TokenOptions & {
  readonly format?: Format;
  /** The session to continue. */
  readonly session?: Connected['session'];
  /** Which connect of the session it is. */
  readonly attempt?: number;
};

/** A whole gateway on free ports of this machine, as the wiring builds it. */
export type RunningGateway = {
  readonly id: string;
  readonly gateway: Gateway;
  readonly ports: ListeningPorts;
  readonly world: World;
  /** Opens a WebSocket, and says nothing yet. */
  open(options?: { readonly protocols?: readonly string[]; readonly format?: Format }): Promise<TestPeer>;
  /** Opens one and connects as `user`. */
  connect(user: string, options?: PeerOptions): Promise<ConnectedPeer>;
  /** Calls the HTTP API. */
  api(path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Status of `/livez` or `/readyz`. */
  probe(path: '/livez' | '/readyz'): Promise<number>;
  /** Sum of the samples of a metric that carry these labels, as a scrape shows it. */
  metric(name: string, labels?: { readonly [label: string]: string }): Promise<number>;
  /** Waits until the metric has this value. */
  until(name: string, value: number, labels?: { readonly [label: string]: string }): Promise<void>;
};

/** A peer with its session. */
export type ConnectedPeer = TestPeer & { readonly connected: Connected };

/** Starts a gateway that is stopped with the test. */
export async function startGateway(t: TestContext, options: GatewayOptions = {}): Promise<RunningGateway> {
  const world = options.world ?? createWorld();
  const config = testConfig(options.id ?? 'gateway-0', options.config);
  const parts = { clock: world.clock, random: world.random, log: silentLogger, tracer: noTracer };
  const tier = options.tier ?? createMemoryTier(world.cluster, world);
  const metrics = createPrometheusMetrics({ runtime: false });
  const gateway = createGateway({ ...parts, config, metrics, tier });
  const ports = await gateway.start();
  t.after(() => gateway.stop());
  const open = opener(t, ports);
  const metric: RunningGateway['metric'] = async (name, labels = {}) =>
    sumOf((await metrics.render()).body, name, labels);
  return {
    id: config.gatewayId,
    gateway,
    ports,
    world,
    open,
    connect: async (user, peer = {}) => connectPeer(await open(peer), world, { ...peer, user }),
    api: (path, body) => callApi(ports, path, body),
    probe: path => statusOf(`http://127.0.0.1:${ports.operations}${path}`),
    metric,
    until: async (name, value, labels) => {
      const reached = async () => (await metric(name, labels)) === value;
      await until(reached, { what: `${name} is ${value}` });
    },
  };
}

/** Starts `count` gateways of one world. */
export async function startGateways(
  t: TestContext,
  count: number,
  options: GatewayOptions = {},
): Promise<readonly [RunningGateway, RunningGateway, ...RunningGateway[]]> {
  const world = options.world ?? createWorld();
  const start = (n: number): Promise<RunningGateway> =>
    startGateway(t, { ...options, world, id: `gateway-${n}` });
  const [first, second] = [await start(0), await start(1)];
  const others: RunningGateway[] = [];
  for (let n = 2; n < count; n += 1) others.push(await start(n));
  return [first, second, ...others];
}

function opener(t: TestContext, ports: ListeningPorts): RunningGateway['open'] {
  return async ({ protocols = [], format = 'json' } = {}) => {
    const ws = new WebSocket(`ws://127.0.0.1:${ports.clients}/v1/ws`, [SUBPROTOCOL[format], ...protocols]);
    const peer = new TestPeer(ws, format);
    t.after(() => ws.terminate());
    await within(once(ws, 'open'), () => 'an open WebSocket');
    return peer;
  };
}

async function connectPeer(
  peer: TestPeer,
  { clock }: World,
  options: PeerOptions & { readonly user: string },
): Promise<ConnectedPeer> {
  const token = await tokenFor(clock, options.user, options);
  const session = {
    ...(options.session === undefined ? {} : { session: options.session }),
    ...(options.attempt === undefined ? {} : { attempt: options.attempt }),
  };
  const connected = await peer.ask(
    { type: 'connect', protocol: PROTOCOL_VERSION, token, ...session },
    'connected',
  );
  return Object.assign(peer, { connected });
}

async function callApi(
  { api }: ListeningPorts,
  path: string,
  body: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${api}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${TEST_API_KEY}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.text();
  return response.status;
}

function sumOf(exposition: string, name: string, labels: { readonly [label: string]: string }): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return exposition
    .split('\n')
    .filter(line => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter(line => wanted.every(label => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
