import { ApiServer } from '../api/api-server.ts';
import { createChannelBackend } from '../api/channel-backend.ts';
import { createApiKeyCheck } from '../auth/api-key.ts';
import {
  createOperationsServer,
  type OperationsParts,
  type OperationsServer,
} from '../lifecycle/operations-server.ts';
import type { HealthSource } from '../lifecycle/readiness.ts';
import { createWatchdog } from '../lifecycle/watchdog.ts';
import { createEventLoopLagMonitor } from '../metrics/event-loop-lag.ts';
import { turnAway } from '../session/turn-away.ts';
import { type ClientServer, createClientServer } from '../transport/client-server.ts';
import { DEFAULT_TRANSPORT_LIMITS, type TransportLimits } from '../transport/transport-limits.ts';
import { wireAdmission } from './admission.ts';
import { type Auth, wireAuth } from './auth.ts';
import { type Core, wireCore } from './core.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { VERSION } from './version.ts';

/** The rooms of one gateway, connected to each other and not started. */
export type Rooms = {
  readonly auth: Auth;
  readonly core: Core;
  readonly clients: ClientServer;
  readonly api: ApiServer;
  readonly operations: OperationsServer;
  /** What runs by timers of its own. */
  readonly background: readonly { start(): void; stop(): void }[];
};

/** Builds every room; `started` says whether the gateway serves. The only place where the rooms meet. */
export function wireRooms(parts: GatewayParts, started: HealthSource): Rooms {
  const { clock, metrics, log } = parts;
  const auth = wireAuth(parts);
  const core: Core = wireCore({
    ...parts,
    verifier: auth.verifier,
    front: { connections: () => clients.connections(), stopAccepting: () => clients.stopAccepting() },
  });
  const accept = core.sessions.accept;
  const { admission, pulse } = wireAdmission(parts);
  const clients = createClientServer({
    ...parts,
    limits: transportLimits(parts),
    admission,
    accept,
    turnAway,
  });
  const watchdog = createWatchdog({ clock });
  const operations = createOperationsServer({
    live: [watchdog],
    ready: [started, core.drain, core.delivery],
    render: () => metrics.render(),
    ...wireOperations(parts, core, () => clients.connections()),
    log,
  });
  const background = [watchdog, createEventLoopLagMonitor({ clock, metrics }), pulse];
  return { auth, core, clients, api: wireApi(parts, core), operations, background };
}

function wireOperations(
  { config, clock, tier }: GatewayParts,
  { drain, shed, sessions: { registry }, channels: { hub } }: Core,
  connections: () => number,
): Pick<OperationsParts, 'status' | 'handover'> {
  const startedAtMs = clock.nowMs();
  const { operationsKey } = config;
  return {
    status: () => ({
      gateway: config.gatewayId,
      version: VERSION,
      phase: drain.phase,
      connections: connections(),
      sessions: registry.size,
      channels: hub.channelCount,
      shedding: shed.left === undefined ? null : { left: shed.left },
      broker: tier.broker.status().phase === 'ready' ? 'ready' : 'degraded',
      startedAtMs,
    }),
    handover: {
      drain,
      shed,
      sessions: () => registry.size,
      windowMs: config.drain.windowMs,
      keyFits: operationsKey === undefined ? undefined : createApiKeyCheck(operationsKey),
    },
  };
}

function wireApi({ config, log, clock, tier }: GatewayParts, { channels }: Core): ApiServer {
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
