import type { ChannelName, GatewayId } from '@kittiwake/protocol';
import { createChannelRules } from '../../../src/config/channel-rules.ts';
import { describeProblems } from '../../../src/config/describe-problems.ts';
import type { GatewayConfig } from '../../../src/config/gateway-config.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';

/**
 * What every simulated gateway is told: shorter waits than in production, so that a minute holds many of them, and
 * channels of which each can go wrong in its own way.
 */
const SIM_CONFIG = `
limits:
  connections: 100
  connectionsPerAddress: 100
  sessionsPerUser: 20
  sessionRate: { perSecond: 200, burst: 400 }
heartbeat: { interval: 9s, timeout: 4500ms }
drain: { readinessDelay: 500ms, window: 4s, ratePerSecond: 100, grace: 30s }
channels:
  - pattern: chat:*
    history: { size: 200, age: 1h }
    presence: true
    ack: primary
  - pattern: orders:*
    history: { size: 200, age: 1h }
    ack: replicated
  - pattern: vault:*
    history: { size: 200, age: 1h }
    visibility: replicated
  - pattern: audit:*
    history: { size: 200, age: 1h }
    ack: primary
  - pattern: ticker:*
    history: { size: 4, age: 5s }
    ack: primary
    conflate: true
`;

/** Less than a real gateway's: a few publications fill it where a client does not read. */
const OUTBOX_BYTES_MAX = 8_192;

const secrets = {
  'signing-key-current': 'a signing key that nothing is signed with',
  'api-key': 'nobody-asks-here-at-all',
};
const parsed = parseConfig(SIM_CONFIG, { KITTIWAKE_GATEWAY_ID: 'sim', LOG_LEVEL: 'silent' }, secrets);
if (!parsed.ok) throw new Error(describeProblems(parsed.error, 'the configuration of the simulation'));
const config = parsed.value;
const RULES = createChannelRules(config.channels);
const limits = { ...config.limits, outboxBytesMax: OUTBOX_BYTES_MAX };

/** The configuration of the gateway called `id`; parsed once for all worlds. */
export function simConfig(id: string): GatewayConfig {
  return { ...config, limits, gatewayId: id as GatewayId };
}

/** Whether a member of this channel may be given less than everything. */
export function conflates(channel: ChannelName): boolean {
  return RULES.find(channel)?.conflate === true;
}
