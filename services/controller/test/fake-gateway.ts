import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { TestContext } from 'node:test';
import type { HandoverRequest } from '../src/gateways/handover.ts';

/** An HTTP server on a free port of this machine, closed after the test; resolves to the port. */
export async function listen(context: TestContext, listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('it listens on a port');
  return address.port;
}

/** What a gateway of this test does when it is told to. */
export type FakeGateway = {
  readonly port: number;
  readonly told: HandoverRequest[];
  sheddingLeft: number;
  phase: 'serving' | 'held' | 'draining' | 'drained';
};

/** The operations port of a gateway, as SPEC.md describes it, with `sessions` sessions that move when the test says so. */
export async function startFakeGateway(
  context: TestContext,
  key: string,
  sessions: number,
): Promise<FakeGateway> {
  const gateway: { -readonly [K in keyof FakeGateway]: FakeGateway[K] } = {
    port: 0,
    told: [],
    sheddingLeft: 0,
    phase: 'serving',
  };
  gateway.port = await listen(context, async (request, response) => {
    const answer = (code: number, body: object): void =>
      void response.writeHead(code).end(JSON.stringify(body));
    if (request.url === '/status') return answer(200, statusOf(gateway, sessions));
    if (request.headers.authorization !== `Bearer ${key}`)
      return answer(401, { error: { kind: 'unauthenticated' } });
    const chunks: Buffer[] = await request.toArray();
    const told = JSON.parse(Buffer.concat(chunks).toString('utf8')) as HandoverRequest;
    if (!isInBounds(told)) return answer(400, { error: { kind: 'malformed', path: 'perSecond' } });
    if (told.do === 'shed' && (gateway.sheddingLeft > 0 || gateway.phase !== 'serving'))
      return answer(409, { error: { kind: 'busy' } });
    gateway.told.push(told);
    const moving = told.do === 'shed' ? Math.min(told.sessions, sessions) : sessions;
    if (told.do === 'shed') gateway.sheddingLeft = moving;
    else gateway.phase = 'draining';
    answer(202, { do: told.do, sessions: moving, doneInMs: Math.ceil((moving * 1_000) / told.perSecond) });
  });
  return gateway;
}

function statusOf({ phase, sheddingLeft }: FakeGateway, sessions: number): object {
  return {
    gateway: 'gateway-1',
    version: '0.1.0',
    phase,
    connections: sessions,
    sessions,
    channels: 3,
    shedding: sheddingLeft === 0 ? null : { left: sheddingLeft },
    broker: 'ready',
    startedAtMs: 1_700_000_000_000,
  };
}

function isInBounds(told: HandoverRequest): boolean {
  const isRate = told.perSecond >= 0.1 && told.perSecond <= 10_000;
  return isRate && (told.do === 'drain' || (told.sessions >= 1 && told.sessions <= 1_000_000));
}
