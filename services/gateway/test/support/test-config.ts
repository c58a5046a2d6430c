import { describeProblems } from '../../src/config/describe-problems.ts';
import type { GatewayConfig } from '../../src/config/gateway-config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { TEST_SIGNING_KEY } from './test-token.ts';

/** The key of the HTTP API of test gateways. */
export const TEST_API_KEY = 'an-api-key-for-tests-only';

/** What test gateways know: a channel of every sort, limits that a test reaches, and a drain that does not take long. */
const TEST_CONFIG = `
ports: { clients: 0, api: 0, operations: 0 }
origins: ["https://app.example"]
limits:
  connections: 500
  connectionsPerAddress: 500
  channelsPerSession: 4
  sessionsPerUser: 50
  sessionRate: { perSecond: 500, burst: 2000 }
  rateWarnings: 2
drain: { readinessDelay: 200ms, window: 2s, ratePerSecond: 500, grace: 30s }
channels:
  - pattern: chat:**
    history: { size: 100, age: 1h }
    presence: true
    schemas:
      chat:message:send@1:
        type: object
        required: [text]
        properties: { text: { type: string } }
  - pattern: short:*
    history: { size: 3, age: 1h }
  - pattern: long:*
    history: { size: 1000, age: 1h }
  - pattern: quiet:*
    rate: { perSecond: 1, burst: 2 }
  - pattern: now:*
    history: { size: 0, age: 1s }
    ack: received
  - pattern: safe:*
    visibility: replicated
  - pattern: open:*
    access: { join: everyone, publish: nobody }
  - pattern: open:**
    access: { publish: everyone }
`;

/** The configuration of a test gateway called `id`, changed by `over`. */
export function testConfig(id: string, over: Partial<GatewayConfig> = {}): GatewayConfig {
  const secrets = { 'signing-key-current': TEST_SIGNING_KEY, 'api-key': TEST_API_KEY };
  const parsed = parseConfig(TEST_CONFIG, { KITTIWAKE_GATEWAY_ID: id, LOG_LEVEL: 'silent' }, secrets);
  if (!parsed.ok) throw new Error(describeProblems(parsed.error, 'the test configuration'));
  return { ...parsed.value, ...over };
}
