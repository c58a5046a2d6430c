import { parseArgs } from 'node:util';
import { err, ok, type Result } from '@kittiwake/base';
import type { BrokerConfig } from '../config/gateway-config.ts';

/** What `npm start` was asked for. */
export type DevOptions = {
  readonly help: boolean;
  /** How many gateways; the n-th listens on `port + n`, its API on 100 and its operations on 200 more. */
  readonly gateways: number;
  readonly port: number;
  readonly broker: BrokerConfig;
};

const GATEWAYS_MAX = 16;
const SENTINEL_PORT = '26379';

export const DEV_HELP = `Kittiwake on this machine: gateways, a token issuer for development, and a demo page.

  npm start                                   one gateway on http://localhost:8000, memory broker
  npm start -- --gateways 3                   three gateways that share the channels (8000, 8001, 8002)
  npm start -- --redis redis://127.0.0.1:6379
  npm start -- --sentinel 127.0.0.1:26379,127.0.0.1:26380 --master mymaster

  --gateways N     1 to ${GATEWAYS_MAX} of them in one process (1)
  --port N         first client port (8000); the API is 100 above, metrics 200 above; 0 takes free ones
  --redis URL      one Redis
  --sentinel HOST:PORT[,…] --master NAME    the Redis that these Sentinels call primary
  --help           this text

The signing key is made anew at each start, and anyone who can reach the port gets a token: this is for development only.`;

/** Reads the arguments; all that is wrong with them is one text. */
export function parseDevOptions(argv: readonly string[]): Result<DevOptions, string> {
  const parsed = parse(argv);
  if (!parsed.ok) return parsed;
  const { help = false, gateways = '1', port = '8000', redis, sentinel, master } = parsed.value;
  const problems: string[] = [];
  const count = within(gateways, 1, GATEWAYS_MAX);
  if (count === undefined) problems.push(`--gateways must be a number from 1 to ${GATEWAYS_MAX}`);
  const first = within(port, 0, 65_000);
  if (first === undefined) problems.push('--port must be a number from 0 to 65000');
  const broker = brokerOf({ redis, sentinel, master }, problems);
  if (problems.length > 0) return err(problems.join('\n'));
  return ok({ help, gateways: count ?? 1, port: first ?? 8_000, broker });
}

type Arguments = {
  help?: boolean | undefined;
  gateways?: string | undefined;
  port?: string | undefined;
  redis?: string | undefined;
  sentinel?: string | undefined;
  master?: string | undefined;
};

function parse(argv: readonly string[]): Result<Arguments, string> {
  const text = { type: 'string' } as const;
  try {
    const options = {
      help: { type: 'boolean' },
      gateways: text,
      port: text,
      redis: text,
      sentinel: text,
      master: text,
    } as const;
    return ok(parseArgs({ args: [...argv], options, strict: true }).values);
  } catch (error) {
    return err(error instanceof Error ? error.message : 'the arguments cannot be read');
  }
}

function within(value: string, min: number, max: number): number | undefined {
  const number = /^[0-9]{1,5}$/.test(value) ? Number(value) : Number.NaN;
  return number >= min && number <= max ? number : undefined;
}

function brokerOf({ redis, sentinel, master }: Arguments, problems: string[]): BrokerConfig {
  if (redis !== undefined && sentinel !== undefined)
    problems.push('--redis and --sentinel exclude each other');
  if (master !== undefined && sentinel === undefined) problems.push('--master goes with --sentinel');
  if (redis !== undefined) {
    if (!/^rediss?:\/\/[^/]/.test(redis))
      problems.push('--redis must be an address like redis://127.0.0.1:6379');
    return { kind: 'redis', url: redis };
  }
  if (sentinel === undefined) return { kind: 'memory' };
  if (master === undefined || master === '')
    problems.push('--sentinel needs --master, the name that the Sentinels watch');
  return {
    kind: 'sentinel',
    sentinels: sentinel.split(',').map(address => endpoint(address, problems)),
    master: master ?? '',
  };
}

function endpoint(address: string, problems: string[]): { host: string; port: number } {
  const [, bracketed, plain, port = SENTINEL_PORT] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+))(?::([0-9]+))?$/.exec(address) ?? [];
  const host = bracketed ?? plain;
  const number = within(port, 1, 65_535);
  if (host !== undefined && number !== undefined) return { host, port: number };
  problems.push(`--sentinel: ${address === '' ? 'an address is empty' : `${address} is not host:port`}`);
  return { host: '', port: 0 };
}
