import { ApiServer } from '../api/api-server.ts';
import { createChannelBackend } from '../api/channel-backend.ts';
import { Drain } from '../lifecycle/drain.ts';
import type { DrainPace } from '../lifecycle/drain-plan.ts';
import { createOperationsServer } from '../lifecycle/operations-server.ts';
import type { HealthSource } from '../lifecycle/readiness.ts';
import { createWatchdog } from '../lifecycle/watchdog.ts';
import { createEventLoopLagMonitor } from '../metrics/event-loop-lag.ts';
import { createClientServer } from '../transport/client-server.ts';
import { DEFAULT_TRANSPORT_LIMITS, type TransportLimits } from '../transport/transport-limits.ts';
import { VERSION } from '../version.ts';
import { Announcer } from './announcer.ts';
import { wireAuth } from './auth.ts';
import { type Channels, wireChannels } from './channels.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { type Sessions, wireSessions } from './sessions.ts';

/** Ports that a started gateway listens on. */
export type ListeningPorts = { readonly clients: number; readonly api: number; readonly operations: number };

/** One gateway, from its sockets to its broker. */
export type Gateway = {
  readonly id: string;
  /** Connects the broker and listens; rejects where a port is taken. */
  start(): Promise<ListeningPorts>;
  /** Hands its sessions over to other gateways, then stops. */
  drain(): Promise<void>;
  /** Closes everybody at once and stops. Idempotent. */
  stop(): Promise<void>;
};

const DRAIN_NOTICE_MS = 500;
const DRAIN_BATCH_MS = 250;

/** Builds one gateway; nothing happens before `start`. The only place where the rooms meet. */
export function createGateway(parts: GatewayParts): Gateway {
  const { config, clock, metrics, log, tier } = parts;
  const auth = wireAuth(parts);
  const channels = wireChannels(parts);
  const sessions = wireSessions(parts, auth, channels);
  const clients = createClientServer({ ...parts, limits: transportLimits(parts), accept: sessions.accept });
  const drain = wireDrain(parts, sessions, () => clients.stopAccepting());
  const api = wireApi(parts, channels);
  const watchdog = createWatchdog({ clock });
  const started: HealthSource & { ready: boolean } = {
    name: 'gateway',
    ready: false,
    check: () => (started.ready ? undefined : 'starting'),
  };
  const operations = createOperationsServer({
    live: [watchdog],
    ready: [started, drain],
    render: () => metrics.render(),
    log,
  });
  const announcer = new Announcer(parts, {
    connections: () => clients.connections(),
    sessions: () => sessions.registry.size,
    channels: () => channels.hub.channelCount,
    draining: () => drain.phase !== 'serving',
  });
  const background = [watchdog, sessions.heartbeat, createEventLoopLagMonitor({ clock, metrics }), announcer];
  let stopping: Promise<void> | undefined;

  const stop = async (): Promise<void> => {
    started.ready = false;
    await Promise.all([clients.stop(), api.stop()]);
    for (const part of background) part.stop();
    auth.stop();
    channels.hub.stop();
    await channels.presence.stop();
    await Promise.all([tier.bus.stop(), tier.broker.stop()]);
    await Promise.all([operations.stop(), parts.tracer.stop()]);
    log.info('gateway.stopped');
  };

  return {
    id: config.gatewayId,
    async start() {
      metrics.set('kittiwake_build_info', 1, { version: VERSION, node: process.version });
      const operationsPort = await operations.start(config.ports.operations);
      await Promise.all([auth.start(), tier.broker.start(channels.hub), channels.presence.start()]);
      await tier.bus.start(message => sessions.onControl(message));
      for (const part of background) part.start();
      const ports = {
        clients: await clients.start(config.ports.clients),
        api: await api.start(),
        operations: operationsPort,
      };
      started.ready = true;
      log.info('gateway.started', ports);
      return ports;
    },
    async drain() {
      await drain.start();
      stopping ??= stop();
      await stopping;
    },
    async stop() {
      stopping ??= drain.now().then(stop);
      await stopping;
    },
  };
}

function wireDrain(parts: GatewayParts, { registry }: Sessions, stopAccepting: () => void): Drain {
  const { config } = parts;
  const pace: DrainPace = {
    windowMs: config.drain.windowMs,
    clientsPerSecond: config.drain.ratePerSecond,
    noticeMs: DRAIN_NOTICE_MS,
    batchMs: DRAIN_BATCH_MS,
  };
  return new Drain({
    ...parts,
    pace,
    acceptForMs: config.drain.readinessDelayMs,
    target: { sessions: () => registry.sessions(), stopAccepting },
  });
}

function wireApi({ config, log, clock, tier }: GatewayParts, channels: Channels): ApiServer {
  return new ApiServer({
    port: createChannelBackend({ ...channels, presence: tier.presence, bus: tier.bus }),
    apiKey: config.apiKey,
    logger: log.child({ room: 'api' }),
    version: VERSION,
    listenPort: config.ports.api,
    clock,
  });
}

function transportLimits({ config }: GatewayParts): TransportLimits {
  return {
    ...DEFAULT_TRANSPORT_LIMITS,
    origins: config.origins,
    trustedProxies: config.trustedProxies,
    connectionsMax: config.limits.connectionsMax,
    connectionsPerAddressMax: config.limits.connectionsPerAddressMax,
    outboxBytesMax: config.limits.outboxBytesMax,
  };
}
