import { once } from 'node:events';
import { connect } from 'node:net';
import { err, ok, type Result } from '@kittiwake/base';
import type { BrokerConfig } from '../config/gateway-config.ts';

type Endpoint = { readonly host: string; readonly port: number };

const TIMEOUT_MS = 2_000;
const REDIS_PORT = 6_379;

/**
 * Whether something listens where the broker should be. A gateway in a cluster starts without its broker and waits for
 * it; who mistypes an address on a laptop wants to be told.
 */
export async function reachBroker(config: BrokerConfig): Promise<Result<void, string>> {
  const endpoints = endpointsOf(config);
  if (endpoints.length === 0) return ok(undefined);
  const answers = await Promise.all(endpoints.map(dial));
  if (answers.some(problem => problem === undefined)) return ok(undefined);
  const tried = endpoints.map(({ host, port }, index) => `  ${host}:${port}  ${answers[index]}`).join('\n');
  return config.kind === 'sentinel'
    ? err(
        `No Sentinel answers:\n${tried}\nStart them, or leave --sentinel out: the memory broker needs nothing.`,
      )
    : err(
        `No Redis answers:\n${tried}\nStart one (redis-server), or leave --redis out: the memory broker needs nothing.`,
      );
}

function endpointsOf(config: BrokerConfig): readonly Endpoint[] {
  switch (config.kind) {
    case 'memory':
      return [];
    case 'sentinel':
      return config.sentinels;
    case 'redis': {
      const url = URL.parse(config.url);
      const host = url?.hostname.replace(/^\[|\]$/g, '') || 'localhost';
      return [{ host, port: Number(url?.port || REDIS_PORT) }];
    }
  }
}

/** Connects and hangs up; the answer is what went wrong. */
async function dial({ host, port }: Endpoint): Promise<string | undefined> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return undefined;
  } catch (reason) {
    if (reason instanceof Error && reason.name === 'AbortError') return `no answer in ${TIMEOUT_MS} ms`;
    const { code } = reason as NodeJS.ErrnoException;
    return code ?? 'cannot be reached';
  } finally {
    socket.destroy();
  }
}
