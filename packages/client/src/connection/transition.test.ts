import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOSE_CODES, type SessionId, type UserId } from '@kittiwake/protocol';
import { createSeededRandom } from '@kittiwake/testkit';
import fc from 'fast-check';
import type { ConnectionEvent } from './connection-event.ts';
import { CONNECTION_POLICY } from './connection-policy.ts';
import { type ConnectionState, type Link, NO_OUTAGE } from './connection-state.ts';
import type { Step, TransitionContext } from './step.ts';
import { transition } from './transition.ts';

const LINK: Link = {
  session: 's1' as SessionId,
  user: 'ada' as UserId,
  gateway: 'gateway-0',
  expiresAtMs: 3_600_000,
  pingIntervalMs: 25_000,
  pingTimeoutMs: 10_000,
  messageBytesMax: 65_536,
};

const context = (overrides: Partial<TransitionContext> = {}): TransitionContext => ({
  policy: CONNECTION_POLICY,
  random: { next: () => 0.5, hex: () => '00' },
  nowMs: 0,
  ...overrides,
});

const IDLE: ConnectionState = { phase: 'idle' };
const CONNECTING: ConnectionState = { phase: 'connecting', keepsake: {}, outage: NO_OUTAGE, token: 't' };
const KEEPSAKE = { session: LINK.session, token: 't', tokenExpiresAtMs: LINK.expiresAtMs };
const CONNECTED: ConnectionState = { phase: 'connected', keepsake: KEEPSAKE, outage: NO_OUTAGE, link: LINK };

const effects = (step: Step): string[] =>
  step.effects.map(effect =>
    effect.type === 'start-timer' ? `${effect.timer}:${effect.delayMs}` : effect.type,
  );

test('[K8] connect fetches a token, and the dial must succeed within 3 s', () => {
  const first = transition(IDLE, { type: 'connect' }, context());
  assert.equal(first.state.phase, 'authorizing');
  assert.deepEqual(effects(first), ['token:10000', 'fetch-token']);
  const second = transition(first.state, { type: 'token', token: 't' }, context());
  assert.deepEqual(effects(second), ['connect:3000', 'dial']);
});

test('[K8] an attempt that takes too long is abandoned, and backs off', () => {
  const late = transition(CONNECTING, { type: 'timer', timer: 'connect' }, context());
  assert.equal(late.state.phase, 'waiting');
  assert.deepEqual(effects(late), ['abandon', 'retry:500']);
});

test('[K8] after each attempt that took too long the next one may take twice as long, up to four times', () => {
  const after = (...events: readonly ConnectionEvent[]): string[] => {
    const last = events.reduce<Step>((step, event) => transition(step.state, event, context()), start);
    return effects(last).slice(0, 1);
  };
  const start: Step = { state: { ...CONNECTING, keepsake: { token: 't' } }, effects: [] };
  const again = { type: 'timer', timer: 'retry' } as const;
  const late = [{ type: 'timer', timer: 'connect' }, again] as const;
  const failed = [{ type: 'socket-closed', code: 1006 }, again] as const;
  assert.deepEqual(after(...late, ...failed), ['connect:6000']);
  assert.deepEqual(after(...late, ...late, ...late), ['connect:12000']);
});

test('[K3] a socket that opens again continues the session', () => {
  const waiting = transition(CONNECTED, { type: 'socket-closed', code: 1006 }, context()).state;
  const again = transition(waiting, { type: 'timer', timer: 'retry' }, context()).state;
  assert.equal(again.phase, 'connecting');
  const opened = transition(again, { type: 'opened' }, context());
  assert.deepEqual(opened.effects, [
    { type: 'start-timer', timer: 'connect', delayMs: 3_000 },
    { type: 'send-connect', token: 't', session: 's1' },
  ]);
});

test('[K1] the count of failures is kept until a connection has held for 10 s', () => {
  const failed = { ...NO_OUTAGE, failures: 4 };
  const state = transition(
    { ...CONNECTING, outage: failed },
    { type: 'connected', link: LINK },
    context(),
  ).state;
  const broken = transition(state, { type: 'socket-closed', code: 1006 }, context());
  assert.deepEqual(effects(broken), ['retry:8000']);
  const stable = transition(state, { type: 'timer', timer: 'stable' }, context()).state;
  assert.deepEqual(effects(transition(stable, { type: 'socket-closed', code: 1006 }, context())), [
    'retry:500',
  ]);
});

for (const [code, { retry, reason }] of Object.entries(CLOSE_CODES)) {
  test(`[K2] ${code} ${reason} is followed by ${retry}`, () => {
    const { state } = transition(CONNECTED, { type: 'socket-closed', code: Number(code) }, context());
    assert.equal(state.phase, retry === 'never' ? 'closed' : 'waiting');
    if (state.phase !== 'waiting') return;
    assert.equal(state.delayMs, retry === 'backoff' ? 500 : 0);
    assert.equal(state.keepsake.token, retry === 'reauth' ? undefined : 't');
    assert.equal(state.keepsake.session, 's1');
  });
}

test('[K2] a refused token is replaced at once the first time, and after a backoff when it goes on', () => {
  const first = transition(CONNECTING, { type: 'socket-closed', code: 4401 }, context());
  assert.deepEqual(effects(first), ['retry:0']);
  const outage = { ...NO_OUTAGE, failures: 1, reauths: 1, sinceMs: -60_000 };
  const second = transition({ ...CONNECTING, outage }, { type: 'socket-closed', code: 4401 }, context());
  assert.deepEqual(effects(second), ['retry:1000']);
});

test('[K2] a token that cannot be renewed is refused for good', () => {
  const policy = { ...CONNECTION_POLICY, tokenRenewable: false };
  const { state } = transition(CONNECTING, { type: 'socket-closed', code: 4401 }, context({ policy }));
  assert.equal(state.phase, 'closed');
});

test('[K2] after goaway the client comes back when it was told to, though the gateway closes sooner', () => {
  const goaway = { type: 'goaway', reconnectAfterMs: 4_000, reason: 'drain' } as const;
  const told = transition(CONNECTED, { type: 'goaway', goaway }, context({ nowMs: 1_000 }));
  assert.deepEqual(effects(told), ['goaway:4000']);
  const closed = transition(told.state, { type: 'socket-closed', code: 4450 }, context({ nowMs: 2_000 }));
  assert.deepEqual(effects(closed), ['retry:3000']);
  const hinted = transition(closed.state, { type: 'hint' }, context({ nowMs: 2_100 }));
  assert.equal(hinted.state.phase, 'waiting');
  const due = transition(told.state, { type: 'timer', timer: 'goaway' }, context({ nowMs: 5_000 }));
  assert.deepEqual(effects(due), ['abandon', 'retry:0']);
});

test('[K4] a token is renewed between 75 and 90 % of its time, on the live connection', () => {
  const { effects: started } = transition(CONNECTING, { type: 'connected', link: LINK }, context());
  const refresh = started.find(effect => effect.type === 'start-timer' && effect.timer === 'refresh');
  assert.deepEqual(refresh, { type: 'start-timer', timer: 'refresh', delayMs: 3_600_000 * 0.825 });
  const due = transition(CONNECTED, { type: 'timer', timer: 'refresh' }, context());
  assert.deepEqual(effects(due), ['fetch-token']);
  const fetched = transition(due.state, { type: 'token', token: 'new' }, context());
  assert.deepEqual(fetched.effects, [{ type: 'send-refresh', token: 'new' }]);
});

test('[K9] silence and an unanswered probe abandon the socket and reconnect at once', () => {
  for (const timer of ['silence', 'probe'] as const) {
    const step = transition(CONNECTED, { type: 'timer', timer }, context());
    assert.deepEqual(effects(step), ['abandon', 'retry:0']);
  }
});

test('[K4, K9] who wakes up probes, and looks at the token anew', () => {
  for (const event of [{ type: 'hint' }, { type: 'timer', timer: 'wake' }] as const) {
    const fresh = transition(CONNECTED, event, context());
    assert.deepEqual(effects(fresh), ['probe', 'probe:3000', `refresh:${3_600_000 * 0.825}`]);
    const expired = transition(CONNECTED, event, context({ nowMs: LINK.expiresAtMs }));
    assert.deepEqual(effects(expired), ['probe', 'probe:3000', 'fetch-token']);
  }
});

test('[K4] what is left of a refreshed token counts from the moment at which that was heard', () => {
  const refreshed = { type: 'refreshed', token: 'u', expiresInMs: 60_000 } as const;
  const { state, effects: started } = transition(CONNECTED, refreshed, context({ nowMs: 5_000 }));
  assert.ok(state.phase === 'connected');
  assert.deepEqual(state.keepsake, { ...KEEPSAKE, token: 'u', tokenExpiresAtMs: 65_000 });
  assert.equal(state.link.expiresAtMs, 65_000);
  assert.deepEqual(started, [{ type: 'start-timer', timer: 'refresh', delayMs: 60_000 * 0.825 }]);
});

test('[K1] a hint cuts a backoff short', () => {
  const waiting = transition(CONNECTED, { type: 'socket-closed', code: 1006 }, context()).state;
  assert.equal(transition(waiting, { type: 'hint' }, context()).state.phase, 'connecting');
});

test('[K12] close ends any phase, and only connect leads out of it', () => {
  for (const state of [IDLE, CONNECTING, CONNECTED]) {
    const closed = transition(state, { type: 'close' }, context()).state;
    assert.equal(closed.phase, 'closed');
    assert.equal(transition(closed, { type: 'timer', timer: 'retry' }, context()).state, closed);
    assert.equal(transition(closed, { type: 'connect' }, context()).state.phase, 'authorizing');
  }
});

test('[K1] a backoff is no longer than the outage so far, however often it failed', () => {
  const failed = (outage: { readonly sinceMs: number; readonly carried?: number }) =>
    transition(
      { ...CONNECTING, outage: { ...NO_OUTAGE, failures: 5, ...outage } },
      { type: 'socket-closed', code: 1006 },
      context(),
    );
  const nowMs = context().nowMs;
  // Half of the ceiling is drawn: 5 failures alone would give 15 s.
  assert.deepEqual(effects(failed({ sinceMs: nowMs - 3_000 })), ['retry:1500']);
  assert.deepEqual(effects(failed({ sinceMs: nowMs - 100 })), ['retry:500']);
  assert.deepEqual(effects(failed({ sinceMs: nowMs - 60_000 })), ['retry:15000']);
  assert.deepEqual(effects(failed({ sinceMs: nowMs, carried: 3 })), ['retry:4000']);
});

test('[K1] a long outage is suspended, and goes on trying', () => {
  const outage = { failures: 9, reauths: 0, sinceMs: 0, suspended: false };
  const { state } = transition(
    { ...CONNECTING, outage },
    { type: 'socket-closed', code: 1006 },
    context({ nowMs: 120_000 }),
  );
  assert.ok(state.phase === 'waiting' && state.outage.suspended && state.delayMs <= 30_000);
});

const anyEvent: fc.Arbitrary<ConnectionEvent> = fc.oneof(
  fc.constantFrom<ConnectionEvent[]>(
    { type: 'connect' },
    { type: 'opened' },
    { type: 'token', token: 't' },
    { type: 'token-failed', final: false },
    { type: 'connected', link: LINK },
    { type: 'refreshed', token: 'u', expiresInMs: 9_000_000 },
    { type: 'refresh-failed' },
    { type: 'goaway', goaway: { type: 'goaway', reconnectAfterMs: 100, reason: 'drain' } },
    { type: 'hint' },
  ),
  fc.constantFrom(1006, 1012, 4401, 4402, 4440, 4450).map(code => ({ type: 'socket-closed', code }) as const),
  fc
    .integer({ min: 0, max: 29_000 })
    .map(retryAfterMs => ({ type: 'socket-closed', code: 1006, retryAfterMs }) as const),
  fc
    .constantFrom('token', 'connect', 'retry', 'silence', 'wake', 'stable', 'refresh', 'goaway', 'probe')
    .map(timer => ({ type: 'timer', timer }) as ConnectionEvent),
);

test('[K1] in any order of events each wait is within its bounds, and no phase is a trap', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), fc.integer(), (events, seed) => {
      const random = createSeededRandom(seed);
      let state: ConnectionState = IDLE;
      for (const event of [{ type: 'connect' } as const, ...events]) {
        const step = transition(state, event, context({ random }));
        state = step.state;
        if (state.phase === 'waiting') assert.ok(state.delayMs >= 0 && state.delayMs <= 30_000 + 100);
        // Each phase that is not final owns a timer that leads on, or waits for a socket that has one.
        if (state.phase === 'authorizing' || state.phase === 'waiting')
          assert.notEqual(state.phase, 'closed');
      }
      const path: ConnectionEvent[] = [
        { type: 'timer', timer: 'retry' },
        { type: 'token', token: 't' },
        { type: 'connected', link: LINK },
      ];
      for (const event of path) state = transition(state, event, context({ random })).state;
      assert.equal(state.phase, 'connected');
    }),
  );
});
