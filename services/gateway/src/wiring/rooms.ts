import { ApiServer } from '../api/api-server.ts';
import { createChannelBackend } from '../api/channel-backend.ts';
import { Drain } from '../lifecycle/drain.ts';
import type { DrainPace } from '../lifecycle/drain-plan.ts';
import { createOperationsServer, type OperationsServer } from '../lifecycle/operations-server.ts';
import type { HealthSource } from '../lifecycle/readiness.ts';
import { createWatchdog } from '../lifecycle/watchdog.ts';
import { createEventLoopLagMonitor } from '../metrics/event-loop-lag.ts';
import { type ClientServer, createClientServer } from '../transport/client-server.ts';
import { DEFAULT_TRANSPORT_LIMITS, type TransportLimits } from '../transport/transport-limits.ts';
import { Announcer } from './announcer.ts';
import { type Auth, wireAuth } from './auth.ts';
import { type Channels, wireChannels } from './channels.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { type Sessions, wireSessions } from './sessions.ts';
import { VERSION } from './version.ts';

/** The rooms of one gateway, connected to each other and not started. */
export type Rooms = {
  readonly auth: Auth;
  readonly channels: Channels;
  readonly sessions: Sessions;
  readonly clients: ClientServer;
  readonly api: ApiServer;
  readonly operations: OperationsServer;
  readonly drain: Drain;
  /** What runs by timers of its own. */
  readonly background: readonly { start(): void; stop(): void }[];
};

const DRAIN_NOTICE_MS = 500;
const DRAIN_BATCH_MS = 250;

/** Builds every room; `started` says whether the gateway serves. The only place where the rooms meet. */
export function wireRooms(parts: GatewayParts, started: HealthSource): Rooms {
  const { clock, metrics, log } = parts;
  const auth = wireAuth(parts);
  const channels = wireChannels(parts);
  const sessions = wireSessions(parts, auth, channels);
  const clients = createClientServer({ ...parts, limits: transportLimits(parts), accept: sessions.accept });
  const drain = wireDrain(parts, sessions, () => clients.stopAccepting());
  const watchdog = createWatchdog({ clock });
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
  return { auth, channels, sessions, clients, api: wireApi(parts, channels), operations, drain, background };
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
