import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventName, UserId } from '@kittiwake/protocol';
import { createFakeClock } from '@kittiwake/testkit';
import { CHANNEL } from '../../test/support/fixtures.ts';
import { createHttpResponder, type ResponderRequest } from './responder.ts';

const REQUEST: ResponderRequest = {
  url: 'http://backend.example/answer',
  channel: CHANNEL,
  event: 'a:b:c' as EventName,
  user: 'alice' as UserId,
  data: 1,
  timeoutMs: 1_000,
};

function responderOf(answer: (init: RequestInit | undefined) => Promise<Response>) {
  const clock = createFakeClock();
  const fetch = (_: unknown, init?: RequestInit): Promise<Response> => answer(init);
  return { clock, responder: createHttpResponder({ fetch, clock, apiKey: 'key', bytesMax: 64 }) };
}

const ANSWERS = [
  { what: 'JSON', answer: new Response('{"a":1}'), kind: undefined },
  { what: 'something else', answer: new Response('<html>'), kind: 'no_responder' },
  { what: 'a forbidden key', answer: new Response('{"__proto__":1}'), kind: 'no_responder' },
  { what: 'too much', answer: new Response(`"${'x'.repeat(100)}"`), kind: 'message_too_large' },
  { what: 'an error', answer: new Response('{}', { status: 503 }), kind: 'no_responder' },
] as const;

for (const { what, answer, kind } of ANSWERS) {
  test(`[Q2] a responder that answers ${what} gives ${kind ?? 'the answer'}`, async () => {
    const { responder, clock } = responderOf(async () => answer);
    const asked = await responder.ask(REQUEST);
    assert.deepEqual(asked.ok ? undefined : asked.error.kind, kind);
    assert.equal(clock.timers, 0, 'no timer is left');
  });
}

test('[Q1] a responder that does not answer in time is given up', async () => {
  const { responder, clock } = responderOf(init => {
    const { promise, reject } = Promise.withResolvers<Response>();
    init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
    return promise;
  });
  const asking = responder.ask(REQUEST);
  await clock.run(1_000);
  const asked = await asking;
  assert.equal(!asked.ok && asked.error.kind, 'timeout');
});

test('[Q2][A7] one that cannot be reached is no_responder, and the error shows nothing of it', async () => {
  const { responder } = responderOf(async () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1')));
  const asked = await responder.ask(REQUEST);
  assert.ok(!asked.ok && asked.error.kind === 'no_responder');
  assert.doesNotMatch(asked.error.message, /10\.0\.0\.1|backend\.example/);
});
