import { LIMITS } from '@kittiwake/protocol';
import type { TokenVerifier } from '../auth/token-verifier.ts';
import type { ControlMessage } from '../broker/gateway-bus.ts';
import { createSessionLimiter } from '../limits/session-limits.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { ReplayTurns } from '../session/replay-turns.ts';
import { Session } from '../session/session.ts';
import type { SessionDeps } from '../session/session-deps.ts';
import { SessionRegistry } from '../session/session-registry.ts';
import { supersedes } from '../session/supersedes.ts';
import { Heartbeat } from '../transport/heartbeat.ts';
import type { AcceptPeer } from '../transport/peer-handler.ts';
import type { Channels } from './channels.ts';
import type { GatewayParts } from './gateway-parts.ts';

/** The session room of one gateway. */
export type Sessions = {
  readonly registry: SessionRegistry<Session>;
  readonly heartbeat: Heartbeat;
  readonly accept: AcceptPeer;
  /** What another gateway, or this one, asks of all. */
  onControl(message: ControlMessage): void;
};

/** What the session room is made of. */
export type SessionParts = Omit<GatewayParts, 'metrics'> & {
  readonly metrics: Metrics;
  readonly verifier: TokenVerifier;
};

const MALFORMED_MAX = 10;
/** A replay fills a part of the outbox, and leaves the rest to what is live. */
const REPLAY_WINDOWS_PER_OUTBOX = 4;
const RATE_WINDOW_MS = 60_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** Builds the session room. */
export function wireSessions(parts: SessionParts, channels: Channels): Sessions {
  const { config, clock, random, metrics, log, tier, verifier } = parts;
  const registry = new SessionRegistry<Session>(metrics);
  const heartbeat = new Heartbeat({ clock, random, ...config.heartbeat });
  const policy = { warningsMax: config.limits.rateWarningsMax, windowMs: RATE_WINDOW_MS };
  const deps: SessionDeps = {
    ...channels,
    settings: settingsOf(parts),
    clock,
    random,
    metrics,
    log: log.child({ room: 'session' }),
    verifier,
    bus: tier.bus,
    registry,
    heartbeat,
    turns: new ReplayTurns(clock),
    limiter: () => {
      const limiter = createSessionLimiter(config.limits.sessionRate, policy);
      return nowMs => limiter.check(nowMs);
    },
  };
  return {
    registry,
    heartbeat,
    accept: (peer, handshake) => {
      const session = new Session(peer, handshake.token, deps);
      session.open();
      return session;
    },
    onControl: message => control(registry, config.gatewayId, message),
  };
}

function control(registry: SessionRegistry<Session>, gateway: string, message: ControlMessage): void {
  switch (message.type) {
    case 'disconnect-user':
      registry.disconnectUser(message.user);
      break;
    case 'disconnect-session':
      registry.get(message.session)?.disconnected();
      break;
    case 'session-continued':
      if (message.gateway !== gateway) replace(registry.get(message.session), message.attempt);
      break;
  }
}

/** The session goes on elsewhere, unless that is an earlier connect of it which arrived late (SPEC S6). */
function replace(live: Session | undefined, attempt: number | undefined): void {
  if (live !== undefined && supersedes(attempt, live.attempt)) live.replaced();
}

function settingsOf({ config }: SessionParts): SessionDeps['settings'] {
  return {
    gateway: config.gatewayId,
    connectTimeoutMs: config.limits.connectTimeoutMs,
    expiryGraceMs: 0,
    pingIntervalMs: config.heartbeat.intervalMs,
    pingTimeoutMs: config.heartbeat.timeoutMs,
    messageBytesMax: LIMITS.messageBytesMax,
    replayWindowBytes: Math.floor(config.limits.outboxBytesMax / REPLAY_WINDOWS_PER_OUTBOX),
    channelsMax: config.limits.channelsPerSessionMax,
    sessionsPerUserMax: config.limits.sessionsPerUserMax,
    malformedMax: MALFORMED_MAX,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  };
}
