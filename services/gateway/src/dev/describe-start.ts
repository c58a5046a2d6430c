import type { BrokerStatus } from '../broker/broker-status.ts';
import type { BrokerConfig } from '../config/gateway-config.ts';
import type { ListeningPorts } from '../wiring/gateway.ts';

/** What was started. */
export type Started = {
  readonly ports: readonly ListeningPorts[];
  readonly apiKey: string;
  readonly broker: string;
  readonly uptimeMs: number;
};

const PORT_DEFAULT = 8_000;
const OTHER_PORTS = 'choose other ports: npm start -- --port 8400 (it uses 8400, 8500 and 8600)';

/** What `npm start` prints: addresses, and commands that can be pasted as they are. */
export function describeStart({ ports, apiKey, broker, uptimeMs }: Started): string {
  const [first] = ports;
  if (first === undefined) return 'Nothing was started.';
  const url = first.clients === PORT_DEFAULT ? '' : ` --url http://localhost:${first.clients}`;
  const data = '{"channel":"chat:lobby","event":"chat:message:send","data":{"text":"hello"}}';
  return [
    `\nKittiwake is up in ${Math.round(uptimeMs)} ms. Open http://localhost:${first.clients} in two tabs.\n`,
    ...ports.map(describeGateway),
    `  broker      ${broker}`,
    '',
    `  a token     npx kittiwake token --user alice --join 'chat:*' --from dev${url}`,
    `  publish     curl -H 'Authorization: Bearer ${apiKey}' -H 'content-type: application/json' \\`,
    `                -d '${data}' http://localhost:${first.api}/v1/publish`,
    '\nFor development only: anyone who reaches the port gets a token. Ctrl-C ends it.',
  ].join('\n');
}

function describeGateway({ clients, api, operations }: ListeningPorts, index: number): string {
  const base = 'http://localhost';
  return `  gateway-${index}   ${base}:${clients}   API ${base}:${api}   metrics ${base}:${operations}/metrics`;
}

/** Which broker, without its password, and whether it answers. */
export function describeBroker(config: BrokerConfig, status: BrokerStatus | undefined): string {
  const name = nameOf(config);
  if (status?.phase === 'ready') return name;
  return `${name}: no answer yet; clients may connect, publishes are refused until it is there`;
}

function nameOf(config: BrokerConfig): string {
  switch (config.kind) {
    case 'memory':
      return 'memory (nothing outlives this process)';
    case 'redis':
      return `Redis at ${URL.parse(config.url)?.host ?? 'the address given'}`;
    case 'sentinel':
      return `Redis primary of ${config.master}, asked of ${config.sentinels.length} Sentinels`;
  }
}

/** Why it did not start, and what to do next. */
export function describeStartFailure(reason: unknown): string {
  const { code, port, message } = asSystemError(reason);
  if (code === 'EADDRINUSE')
    return `Port ${port ?? '?'} is taken: something listens there already, perhaps another npm start.\nEnd it, or ${OTHER_PORTS}`;
  if (code === 'EACCES') return `Port ${port ?? '?'} may not be used by this user: ${OTHER_PORTS}`;
  return `It cannot start: ${message}`;
}

function asSystemError(reason: unknown): { code?: unknown; port?: unknown; message: string } {
  if (!(reason instanceof Error)) return { message: String(reason) };
  return { ...reason, message: reason.message };
}
