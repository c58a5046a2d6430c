import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ref, SessionId, UserId } from '@kittiwake/protocol';
import type { Identity } from '../auth/identity.ts';
import type { SessionState } from './session-state.ts';
import { type SessionEvent, transition } from './transition.ts';
import type { Transition } from './transition-steps.ts';

const context = {
  nowMs: 1_000_000,
  gateway: 'gateway-a',
  connectTimeoutMs: 5_000,
  expiryGraceMs: 0,
  pingIntervalMs: 25_000,
  pingTimeoutMs: 10_000,
  messageBytesMax: 65_536,
};
const id = 'session-1' as SessionId;
const identity: Identity = {
  user: 'alice' as UserId,
  expiresAtMs: 1_060_000,
  grants: { join: [], publish: [], presence: [], history: [] },
};
const awaiting: SessionState = { phase: 'awaiting-connect' };
const authenticating: SessionState = {
  phase: 'authenticating',
  ref: 1,
  continues: undefined,
  attempt: undefined,
  moves: false,
};
const connected: SessionState = {
  phase: 'connected',
  id,
  identity,
  attempt: undefined,
  refreshing: undefined,
};
const connect = (
  over: { token?: string; protocol?: number; session?: SessionId; from?: string } = {},
  handshakeToken?: string,
): SessionEvent => ({
  event: 'connect',
  message: { type: 'connect', ref: 1, protocol: 1, ...over },
  handshakeToken,
});
const refresh = (ref: Ref): SessionEvent => ({
  event: 'refresh',
  message: { type: 'refresh', ref, token: 'new' },
});

function after(state: SessionState, ...events: readonly SessionEvent[]): Transition {
  let last: Transition = { state, effects: [] };
  for (const event of events) last = transition(last.state, event, context);
  return last;
}

function closeCode({ state, effects }: Transition): number | undefined {
  const closing = effects.find(effect => effect.effect === 'close');
  return state.phase === 'closed' && closing?.effect === 'close' ? closing.code : undefined;
}

function failureKind({ effects }: Transition): string | undefined {
  const failing = effects.find(effect => effect.effect === 'fail');
  return failing?.effect === 'fail' ? failing.kind : undefined;
}

test('[S7] a peer that opens has the connect timeout', () => {
  assert.deepEqual(after(awaiting, { event: 'opened' }).effects, [{ effect: 'arm', afterMs: 5_000 }]);
});

test('[S7] closes 4408 when connect is late', () => {
  assert.equal(closeCode(after(awaiting, { event: 'deadline' })), 4408);
});

test('[S7] closes 4408 when the token is not verified in time', () => {
  assert.equal(closeCode(after(awaiting, connect({ token: 't' }), { event: 'deadline' })), 4408);
});

test('[S2] closes 4401 when anything else comes before connect', () => {
  assert.equal(closeCode(after(awaiting, { event: 'request', type: 'publish' })), 4401);
  assert.equal(closeCode(after(awaiting, refresh(3))), 4401);
});

test('[S3] closes 4406 for a protocol version that is not spoken', () => {
  assert.equal(closeCode(after(awaiting, connect({ token: 't', protocol: 2 }))), 4406);
});

test('[S1] verifies the token of the message', () => {
  const { state, effects } = after(awaiting, connect({ token: 'mine' }, 'theirs'));
  assert.equal(state.phase, 'authenticating');
  assert.deepEqual(effects, [{ effect: 'verify', token: 'mine' }]);
});

test('[S1] verifies the token of the handshake where the message has none', () => {
  assert.deepEqual(after(awaiting, connect({}, 'theirs')).effects, [{ effect: 'verify', token: 'theirs' }]);
});

test('[S1] refuses a connect without any token with 4401', () => {
  const refused = after(awaiting, connect());
  assert.equal(closeCode(refused), 4401);
  assert.equal(failureKind(refused), 'unauthenticated');
});

test('[S1] establishes the session, arms the expiry, then answers connected', () => {
  const { state, effects } = after(authenticating, { event: 'verified', identity, id });
  assert.equal(state.phase, 'connected');
  assert.deepEqual(
    effects.map(effect => effect.effect),
    ['establish', 'arm', 'send'],
  );
});

test('[S4] closes 4402 when the token has expired', () => {
  const failure = { kind: 'token_expired', message: 'expired' } as const;
  assert.equal(closeCode(after(authenticating, { event: 'refused', failure })), 4402);
});

test('[S4] closes 4402 when the token expires on the live connection', () => {
  const expired = { ...identity, expiresAtMs: context.nowMs };
  assert.equal(closeCode(after({ ...connected, identity: expired }, { event: 'deadline' })), 4402);
});

test('[S4] looks again when the deadline comes before the expiry, as timers have a longest delay', () => {
  const { state, effects } = after(connected, { event: 'deadline' });
  assert.equal(state.phase, 'connected');
  assert.deepEqual(effects, [{ effect: 'arm', afterMs: 60_000 }]);
});

test('[S4] never arms a timer beyond 2^31 - 1 ms', () => {
  const forever = { ...identity, expiresAtMs: Number.MAX_SAFE_INTEGER };
  const { effects } = after(authenticating, { event: 'verified', identity: forever, id });
  assert.deepEqual(effects[1], { effect: 'arm', afterMs: 2 ** 31 - 1 });
});

test('[S5] a refresh takes over the new token and its expiry', () => {
  const renewed = { ...identity, expiresAtMs: 1_120_000 };
  const { state, effects } = after(connected, refresh(7), { event: 'verified', identity: renewed, id });
  assert.deepEqual(state, {
    phase: 'connected',
    id,
    identity: renewed,
    attempt: undefined,
    refreshing: undefined,
  });
  assert.deepEqual(effects, [
    { effect: 'arm', afterMs: 120_000 },
    { effect: 'send', message: { type: 'refreshed', ref: 7, expiresInMs: 120_000 } },
  ]);
});

test('[S5] connected says what is left of the token by this gateway, in whole milliseconds and never below 0', () => {
  const leftOf = (expiresAtMs: number): number | undefined => {
    const verified = { event: 'verified', identity: { ...identity, expiresAtMs }, id } as const;
    const sent = after(authenticating, verified).effects.find(effect => effect.effect === 'send');
    return sent?.message.type === 'connected' ? sent.message.expiresInMs : undefined;
  };
  assert.deepEqual([1_060_000, 1_000_000.9, 999_000].map(leftOf), [60_000, 0, 0]);
});

test('[S5] a refresh with another user’s token is forbidden and changes nothing', () => {
  const other = { ...identity, user: 'mallory' as UserId };
  const refused = after(connected, refresh(7), { event: 'verified', identity: other, id });
  assert.deepEqual(refused.state, connected);
  assert.equal(failureKind(refused), 'forbidden');
});

test('[S5] a refresh that does not verify leaves the old token in force', () => {
  const failure = { kind: 'unauthenticated', message: 'bad' } as const;
  const refused = after(connected, refresh(7), { event: 'refused', failure });
  assert.deepEqual(refused.state, connected);
  assert.equal(failureKind(refused), 'unauthenticated');
});

test('[S5] one refresh at a time', () => {
  const refused = after(connected, refresh(7), refresh(8));
  assert.equal(failureKind(refused), 'rate_limited');
  assert.deepEqual(refused.state, { ...connected, refreshing: 7 });
});

test('[S9] a second connect is malformed, and the session goes on', () => {
  for (const state of [authenticating, connected]) {
    const refused = after(state, connect({ token: 't' }));
    assert.equal(failureKind(refused), 'malformed');
    assert.deepEqual(refused.state, state);
  }
});

test('[S4] a closed session answers nothing and keeps no timer', () => {
  for (const state of [awaiting, authenticating, connected]) {
    const closed = after(state, { event: 'closed', code: 1006 });
    assert.deepEqual(closed, { state: { phase: 'closed', code: 1006 }, effects: [{ effect: 'disarm' }] });
    const events: SessionEvent[] = [
      connect({ token: 't' }),
      refresh(2),
      { event: 'deadline' },
      { event: 'verified', identity, id },
    ];
    for (const event of events)
      assert.deepEqual(after(closed.state, event), { state: closed.state, effects: [] });
  }
});

test('[S10] a session that moves here is not called back from where it moves', () => {
  const moving = after(awaiting, connect({ token: 't', session: id, from: 'gateway-b' }));
  const established = after(moving.state, { event: 'verified', identity, id });
  const effect = established.effects.find(({ effect }) => effect === 'establish');
  assert.equal(effect?.effect === 'establish' && effect.continued, false);
  const continued = after(awaiting, connect({ token: 't', session: id }), {
    event: 'verified',
    identity,
    id,
  });
  const other = continued.effects.find(({ effect }) => effect === 'establish');
  assert.equal(other?.effect === 'establish' && other.continued, true);
});

test('[S10] the gateway that a session leaves does not take it in again', () => {
  const refused = after(awaiting, connect({ token: 't', session: id, from: context.gateway }));
  assert.deepEqual([failureKind(refused), closeCode(refused)], ['same_gateway', 4450]);
});
