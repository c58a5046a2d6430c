import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok } from '@kittiwake/base';
import { type HandoverParts, handOver } from './handover-endpoint.ts';

/** A gateway of 100 sessions that writes down what it is asked to do. */
function gateway(over: Partial<HandoverParts> = {}) {
  const calls: string[] = [];
  const parts: HandoverParts = {
    drain: {
      phase: 'serving',
      release(perSecond) {
        calls.push(`drain ${perSecond}`);
        return Promise.resolve();
      },
    },
    shed: {
      start(count, perSecond) {
        calls.push(`shed ${count} ${perSecond}`);
        return ok({ sessions: count, doneInMs: 1_000 });
      },
      stop: () => calls.push('stop'),
    },
    sessions: () => 100,
    windowMs: 30_000,
    keyFits: offered => offered === 'right',
    ...over,
  };
  const ask = (body: unknown, authorization = 'Bearer right') =>
    handOver(parts, { authorization, body: typeof body === 'string' ? body : JSON.stringify(body) });
  return { ask, calls };
}

test('[D10] sheds what it is asked to', () => {
  const { ask, calls } = gateway();
  assert.deepEqual(ask({ do: 'shed', sessions: 20, perSecond: 5 }), {
    ok: true,
    value: { do: 'shed', sessions: 20, doneInMs: 1_000 },
  });
  assert.deepEqual(calls, ['shed 20 5']);
});

test('[D10] a drain ends a shed, may be asked for twice, and releases what is held', () => {
  for (const phase of ['serving', 'held', 'draining'] as const) {
    const calls: string[] = [];
    const release = (perSecond: number) => {
      calls.push(`drain ${perSecond}`);
      return Promise.resolve();
    };
    const { ask } = gateway({ drain: { phase, release } });
    assert.deepEqual(ask({ do: 'drain', perSecond: 50 }), {
      ok: true,
      value: { do: 'drain', sessions: 100, doneInMs: 30_000 },
    });
    assert.deepEqual(calls, ['drain 50']);
  }
});

test('[D10] a gateway that sheds already, or leaves, is busy', () => {
  const shed = { start: () => err('busy' as const), stop: () => {} };
  const leaving = { phase: 'held', release: () => Promise.resolve() } as const;
  for (const over of [{ shed }, { drain: leaving }]) {
    const { ask } = gateway(over);
    assert.deepEqual(ask({ do: 'shed', sessions: 1, perSecond: 1 }), {
      ok: false,
      error: { status: 409, error: { kind: 'busy' } },
    });
  }
});

for (const [what, authorization] of [
  ['no key', ''],
  ['a wrong one', 'Bearer wrong'],
  ['another scheme', 'Basic right'],
] as const) {
  test(`[D10] ${what} is unauthenticated, before anything is read`, () => {
    const { ask, calls } = gateway();
    const refused = ask('not even JSON', authorization);
    assert.deepEqual(refused, { ok: false, error: { status: 401, error: { kind: 'unauthenticated' } } });
    assert.deepEqual(calls, []);
  });
}

test('[D10] without an operations key there is no such path', () => {
  const { ask } = gateway({ keyFits: undefined });
  assert.equal(!ask({ do: 'drain', perSecond: 1 }).ok, true);
});

for (const [path, body] of [
  ['', 'not JSON'],
  ['', '[]'],
  ['', 'null'],
  ['do', { perSecond: 1 }],
  ['do', { do: 'dance', perSecond: 1 }],
  ['perSecond', { do: 'drain' }],
  ['perSecond', { do: 'drain', perSecond: 0 }],
  ['perSecond', { do: 'drain', perSecond: '5' }],
  ['perSecond', { do: 'drain', perSecond: 10_001 }],
  ['sessions', { do: 'shed', perSecond: 1 }],
  ['sessions', { do: 'shed', perSecond: 1, sessions: 1.5 }],
  ['sessions', { do: 'shed', perSecond: 1, sessions: 0 }],
  ['', `{"do":"drain","perSecond":1,"x":"${'x'.repeat(2_000)}"}`],
] as const) {
  test(`[D10] ${JSON.stringify(body).slice(0, 60)} is malformed at "${path}"`, () => {
    const { ask, calls } = gateway();
    assert.deepEqual(ask(body), { ok: false, error: { status: 400, error: { kind: 'malformed', path } } });
    assert.deepEqual(calls, []);
  });
}
