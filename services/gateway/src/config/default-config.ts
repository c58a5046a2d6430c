import type { ConfigFile } from './config-schema.ts';

/** What a setting is where the file is silent, in the notation of the file. The same relations hold as for any file (F5). */
export const DEFAULT_CONFIG = {
  ports: { clients: 8000, api: 8100, operations: 8200 },
  origins: [],
  trustedProxies: [],
  limits: {
    connections: 20_000,
    connectionsPerAddress: 1_000,
    channelsPerSession: 128,
    sessionsPerUser: 10_000,
    sessionRate: { perSecond: 50, burst: 100 },
    rateWarnings: 10,
    outbox: '1MiB',
    connectTimeout: '5s',
  },
  admission: { perSecond: 500, floorPerSecond: 50, burst: 250, retryAfterMax: '20s' },
  heartbeat: { interval: '15s', timeout: '6s' },
  drain: { readinessDelay: '5s', hold: '0s', window: '45s', ratePerSecond: 500, grace: '60s' },
  auth: { issuer: 'kittiwake', audience: 'kittiwake', leeway: '30s', maxTokenLifetime: '24h' },
  broker: { kind: 'memory' },
  telemetry: { logLevel: 'info' },
} as const satisfies ConfigFile;

/** What a channel's setting is where its pattern is silent. */
export const DEFAULT_CHANNEL = {
  history: { size: 100, age: '5m' },
  presence: false,
  conflate: false,
  ack: 'primary',
  idempotency: '10m',
  visibility: 'stored',
  access: { join: 'token', publish: 'token', presence: 'token', history: 'token' },
  rate: { perSecond: 1_000, burst: 2_000 },
  strict: false,
  schemas: {},
} as const;

/** How long a responder may take unless told otherwise. */
export const DEFAULT_RESPONDER_TIMEOUT = '5s';
