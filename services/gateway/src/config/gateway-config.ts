import type { Bytes, Millis } from '@kittiwake/base';
import type { GatewayId } from '@kittiwake/protocol';
import type { ChannelRule, Rate } from './channel-rule.ts';

/** Where this gateway listens; 0 takes any free port. */
export type Ports = { readonly clients: number; readonly api: number; readonly operations: number };

/** Bounds of what clients may take. */
export type GatewayLimits = {
  /** Open connections of this gateway. */
  readonly connectionsMax: number;
  /** Open connections from one address (a /64 for IPv6). */
  readonly connectionsPerAddressMax: number;
  readonly channelsPerSessionMax: number;
  /** Sessions of one user here. */
  readonly sessionsPerUserMax: number;
  /** Messages of one session. */
  readonly sessionRate: Rate;
  /** Rate violations that are answered with a warning before the session is disconnected. */
  readonly rateWarningsMax: number;
  /** Bytes that may wait for one peer that does not read. */
  readonly outboxBytesMax: Bytes;
  /** How long a peer may live without `connect`. */
  readonly connectTimeoutMs: Millis;
};

/** How many new connections are let in, and what is said to those that are too many. */
export type AdmissionConfig = {
  /** New connections per second of a gateway that is well. */
  readonly perSecondMax: number;
  /** The least that it comes down to when the event loop is late, or the broker is down. */
  readonly perSecondMin: number;
  /** Connections that may come at once. */
  readonly burst: number;
  /** The longest time that anybody is told to stay away. */
  readonly retryAfterMaxMs: Millis;
};

/** When a silent peer is asked for a sign of life, and how long it has for it. */
export type HeartbeatConfig = { readonly intervalMs: Millis; readonly timeoutMs: Millis };

/** What a session has for moving where nobody is in a hurry: a dial that is given up (3 s), and another one that is welcomed. */
export const MOVE_MAX_MS: Millis = 5_000;

/** How a gateway hands its sessions over before it stops. */
export type DrainConfig = {
  /** Between "not ready" and the first `goaway`: what endpoints and ingresses need to notice. */
  readonly readinessDelayMs: Millis;
  /** How long sessions are kept, at most, until the controller says that there are gateways enough to take them. */
  readonly holdMs: Millis;
  /** Over which sessions are asked to leave. */
  readonly windowMs: Millis;
  /** Of the window, what the last ones that are asked have for moving. */
  readonly moveMs: Millis;
  /** Sessions asked to leave per second, at most. */
  readonly ratePerSecond: number;
  /** From SIGTERM to SIGKILL: the pod's `terminationGracePeriodSeconds`. */
  readonly graceMs: Millis;
};

/** Signature algorithms of key sets. HS256 is never one of them: a public key must not verify a MAC (RFC 8725 §3.1). */
export const JWKS_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;
export type JwksAlgorithm = (typeof JWKS_ALGORITHMS)[number];

/** Where public keys come from, and which algorithms they may be used with. */
export type JwksConfig = { readonly url: string; readonly algorithms: readonly JwksAlgorithm[] };

/** Secrets that sign HS256 tokens: the bytes of the text as it is, 32 at least (RFC 7518 §3.2). */
export type Hs256Keys = { readonly current: string; readonly previous?: string };

/** Which tokens are accepted. At least one of `hs256` and `jwks` is there. */
export type AuthConfig = {
  readonly issuer: string;
  readonly audience: string;
  readonly hs256: Hs256Keys | undefined;
  readonly jwks: JwksConfig | undefined;
  /** Allowed difference of clocks for `nbf` and `iat`. */
  readonly leewayMs: Millis;
  /** Longest `exp` − `iat`. */
  readonly maxTokenLifetimeMs: Millis;
};

/** Which broker, and how to reach it. */
export type BrokerConfig =
  | { readonly kind: 'memory' }
  | { readonly kind: 'redis'; readonly url: string; readonly password?: string }
  | {
      readonly kind: 'sentinel';
      readonly sentinels: readonly { readonly host: string; readonly port: number }[];
      readonly master: string;
      readonly username?: string;
      readonly password?: string;
      readonly sentinelUsername?: string;
      readonly sentinelPassword?: string;
    };

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What leaves the gateway for operators. Without an endpoint nothing is traced. */
export type TelemetryConfig = { readonly otlpEndpoint: string | undefined; readonly logLevel: LogLevel };

/** Everything that one gateway is told, checked as a whole; nothing in it changes while it runs. */
export type GatewayConfig = {
  readonly gatewayId: GatewayId;
  readonly ports: Ports;
  /** Origins that browsers may connect from, compared exactly; `*` allows all, clients without an Origin are not browsers. */
  readonly origins: readonly string[];
  /** Addresses or CIDRs of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  readonly limits: GatewayLimits;
  readonly admission: AdmissionConfig;
  readonly heartbeat: HeartbeatConfig;
  readonly drain: DrainConfig;
  readonly auth: AuthConfig;
  readonly broker: BrokerConfig;
  /** The first whose pattern matches counts. */
  readonly channels: readonly ChannelRule[];
  /** Bearer key of the HTTP API. */
  readonly apiKey: string;
  /** Bearer key of the controller, which may have sessions handed over; without one nobody may. */
  readonly operationsKey: string | undefined;
  /** Directory that the secrets were read from, to notice rotated keys. */
  readonly secretsDirectory: string | undefined;
  readonly telemetry: TelemetryConfig;
};
