import type { Clock, Random } from '@kittiwake/base';
import type { TokenVerifier } from '../auth/token-verifier.ts';
import type { GatewayBus } from '../broker/gateway-bus.ts';
import type { ChannelPresence } from '../channel/channel-presence.ts';
import type { HistoryReader } from '../channel/history-reader.ts';
import type { Hub } from '../channel/hub.ts';
import type { Publisher } from '../channel/publisher.ts';
import type { Responder } from '../channel/responder.ts';
import type { ChannelRules } from '../config/channel-rule.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ReplayTurns } from './replay-turns.ts';
import type { RegisteredSession, SessionRegistry } from './session-registry.ts';

/** What a limiter says about one more message. */
export type LimitVerdict =
  | { readonly verdict: 'allow' }
  | { readonly verdict: 'warn'; readonly retryAfterMs: number }
  | { readonly verdict: 'disconnect' };

/** Something that is pinged, and given up when it does not answer. */
export type Heartbeating = { ping(): void; timedOut(): void };

/** Pings all sessions of the gateway with one timer; implemented by the transport's heartbeat. */
export type SessionHeartbeat = {
  add(handle: Heartbeating): void;
  heard(handle: Heartbeating): void;
  remove(handle: Heartbeating): void;
};

/** Numbers that bound a session. */
export type SessionSettings = {
  readonly gateway: string;
  readonly connectTimeoutMs: number;
  readonly expiryGraceMs: number;
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  readonly messageBytesMax: number;
  /** Bytes of a replay that may be on their way before the client has shown that it reads. */
  readonly replayWindowBytes: number;
  readonly channelsMax: number;
  readonly sessionsPerUserMax: number;
  readonly malformedMax: number;
  readonly requestTimeoutMs: number;
};

/** What sessions share: one value per gateway, made by the wiring. */
export type SessionDeps = {
  readonly settings: SessionSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly verifier: TokenVerifier;
  readonly rules: ChannelRules;
  readonly hub: Pick<Hub, 'join' | 'leave' | 'find'>;
  readonly presence: Pick<ChannelPresence, 'set' | 'remove' | 'linger' | 'isShown' | 'entries'>;
  readonly publisher: Pick<Publisher, 'admit' | 'store'>;
  readonly history: HistoryReader;
  readonly responder: Responder;
  readonly bus: Pick<GatewayBus, 'broadcast'>;
  readonly registry: Pick<SessionRegistry<RegisteredSession>, 'add' | 'remove' | 'get' | 'countOf'>;
  readonly heartbeat: SessionHeartbeat;
  readonly turns: Pick<ReplayTurns, 'take'>;
  readonly limiter: () => (nowMs: number) => LimitVerdict;
};
