import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@kittiwake/base';
import type { GatewayStatus } from '../src/gateways/gateway-status.ts';
import type { Handover } from '../src/gateways/handover.ts';
import { createHttpHandover } from '../src/gateways/http-handover.ts';
import { createHttpStatus } from '../src/gateways/http-status.ts';

/** The operations port of a gateway with so many sessions, and the key that it wants. */
export type StartGateway = (
  context: TestContext,
  sessions: number,
) => Promise<{ readonly port: number; readonly key: string }>;

/** What this controller believes of a gateway's operations port, shown on the fake that other tests use and on the real one. */
export function handoverContract(name: string, start: StartGateway): void {
  test(`[R22] ${name}: says how it is`, async context => {
    const { status } = await open(context, start);
    const { phase, sessions, sheddingLeft, broker } = await status();
    assert.deepEqual([phase, sessions, sheddingLeft, broker], ['serving', 5, undefined, 'ready']);
  });

  test(`[R23] ${name}: sheds some and goes on serving, and not twice at a time`, async context => {
    const { tell, status } = await open(context, start);
    const told = await tell({ do: 'shed', sessions: 2, perSecond: 0.1 });
    assert.equal(told.ok ? told.value.sessions : told.error.kind, 2);
    const { phase, sheddingLeft } = await status();
    assert.equal(phase, 'serving');
    assert.ok(sheddingLeft !== undefined && sheddingLeft <= 2);
    const again = await tell({ do: 'shed', sessions: 2, perSecond: 0.1 });
    assert.equal(again.ok ? undefined : again.error.kind, 'busy');
  });

  test(`[R23] ${name}: drains, is told so twice without harm, and sheds no more`, async context => {
    const { tell, status } = await open(context, start);
    assert.equal((await tell({ do: 'drain', perSecond: 0.1 })).ok, true);
    // It may wait a moment for balancers that are slow to notice that it is not ready any more.
    assert.ok(['held', 'draining'].includes((await status()).phase));
    assert.equal((await tell({ do: 'drain', perSecond: 0.1 })).ok, true);
    const shed = await tell({ do: 'shed', sessions: 1, perSecond: 1 });
    assert.equal(shed.ok ? undefined : shed.error.kind, 'busy');
  });

  test(`[R23] ${name}: does nothing without its key, nor out of bounds`, async context => {
    const { port, tell, status } = await open(context, start);
    const stranger = createHttpHandover({ clock: systemClock, port, readKey: async () => 'x'.repeat(40) });
    const refused = await stranger('127.0.0.1', { do: 'drain', perSecond: 1 });
    assert.equal(refused.ok ? undefined : refused.error.kind, 'unauthenticated');
    for (const request of [
      { do: 'shed', sessions: 0, perSecond: 1 },
      { do: 'drain', perSecond: 0 },
      { do: 'drain', perSecond: 10_001 },
    ] as const) {
      const malformed = await tell(request);
      assert.equal(malformed.ok ? undefined : malformed.error.kind, 'malformed');
    }
    assert.equal((await status()).phase, 'serving');
  });
}

async function open(context: TestContext, start: StartGateway) {
  const { port, key } = await start(context, 5);
  const handover: Handover = createHttpHandover({ clock: systemClock, port, readKey: async () => key });
  const look = createHttpStatus(systemClock, port);
  const status = async (): Promise<GatewayStatus> => {
    const seen = await look('127.0.0.1');
    assert.ok(seen.ok, JSON.stringify(seen));
    return seen.value;
  };
  return { port, status, tell: (request: Parameters<Handover>[1]) => handover('127.0.0.1', request) };
}
