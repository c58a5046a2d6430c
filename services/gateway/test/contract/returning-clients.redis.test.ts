import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import type { Position } from '@kittiwake/protocol';
import { type RedisServer, skipWithoutRedis } from '@kittiwake/testkit';
import { type ConnectedPeer, type RunningGateway, startGateway } from '../support/start-gateway.ts';
import { redisTier, startDocumentedRedis, urlOptions } from './redis-harness.ts';

/** What it costs Redis when everybody comes back at once: commands of a real server, those within scripts as well. */

const CLIENTS = 200;
const PUBLICATIONS = 50;
/** No storm: what is counted is what comes after the door. */
const ADMISSION = { perSecondMax: 10_000, perSecondMin: 10_000, burst: 5_000, retryAfterMaxMs: 20_000 };
const skip = await skipWithoutRedis();

let server: RedisServer;

before(async () => {
  if (skip === false) server = await startDocumentedRedis();
});

after(() => server?.stop());

/** Calls by command since the counts were reset. */
async function commandCounts(): Promise<ReadonlyMap<string, number>> {
  const info = await server.command('INFO', 'commandstats');
  return new Map(
    [...info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name = '', calls]) => [name, Number(calls)]),
  );
}

/** Commands that cross the wire; the others are run by scripts. */
const SENT = /^(evalsha|eval|subscribe|unsubscribe|hvals|ping|wait|info|client\|.*)$/;

function sum(counts: ReadonlyMap<string, number>, matches = (_name: string): boolean => true): number {
  return [...counts].reduce((total, [name, calls]) => (matches(name) ? total + calls : total), 0);
}

/** A client that was in the channel, and what it holds of it. */
type Away = { readonly user: string; readonly session: string; readonly position: Position };

/** Everybody is in the channel, sees a part of what is published, and is cut off. */
async function everybodyGone(gateway: RunningGateway, channel: string): Promise<readonly Away[]> {
  const publisher = await gateway.connect('publisher');
  const positions: Position[] = [];
  for (let n = 0; n < PUBLICATIONS; n += 1) {
    const published = { event: 'chat:message:send', data: { text: `${n}` }, channel };
    const { position } = await publisher.ask({ type: 'publish', ...published } as never, 'ack');
    if (position !== undefined) positions.push(position);
  }
  const users = Array.from({ length: CLIENTS }, (_, n) => `user-${n}`);
  const peers = await Promise.all(users.map(user => gateway.connect(user)));
  const away = peers.map(({ connected }, n) => ({
    user: users[n] ?? '',
    session: connected.session,
    position: positions[n % PUBLICATIONS] ?? assert.fail(),
  }));
  for (const peer of peers) peer.break();
  await gateway.until('kittiwake_sessions', 1);
  return away;
}

/** Comes back and joins; resolves when everything that was missed is there. */
async function comeBack(gateway: RunningGateway, channel: string, away: Away): Promise<ConnectedPeer> {
  const peer = await gateway.connect(away.user, { session: away.session as never, attempt: 2 });
  const join = { type: 'join', channel, position: away.position, presence: { here: true } };
  const joined = await peer.ask(join as never, 'joined');
  assert.equal(joined.resume.outcome, 'recovered');
  await peer.expectPublications(channel, PUBLICATIONS - away.position.offset);
  return peer;
}

/** What Redis was asked by the time that everybody is back. */
async function costOfComingBack(t: TestContext, channel: string): Promise<ReadonlyMap<string, number>> {
  const config = { admission: ADMISSION };
  const start = (id: string) => startGateway(t, { id, config, tier: redisTier(urlOptions(server)) });
  const [first, second] = [await start('first'), await start('second')];
  const away = await everybodyGone(first, channel);
  await server.command('CONFIG', 'RESETSTAT');
  await Promise.all(away.map(one => comeBack(second, channel, one)));
  const counts = await commandCounts();
  t.diagnostic([...counts].map(entry => entry.join(' ')).join(', '));
  return counts;
}

test('[C12] who comes back to a channel costs Redis at most four commands, those of scripts included', {
  skip,
}, async t => {
  const counts = await costOfComingBack(t, 'long:lobby');
  const each = sum(counts) / CLIENTS;
  t.diagnostic(`${each.toFixed(2)} commands for each of ${CLIENTS} clients`);
  assert.ok(each <= 4, `${each} for each`);
  assert.ok(
    (counts.get('xrange') ?? 0) + (counts.get('xrevrange') ?? 0) <= 40,
    'the past is read a few times',
  );
});

test('[C12] who shows itself as well is sent for at most four times', { skip }, async t => {
  const counts = await costOfComingBack(t, 'chat:lobby');
  // Scripts publish too: of that command each client's own, which says that its session goes on, is counted.
  const each = sum(counts, name => SENT.test(name)) / CLIENTS + 1;
  t.diagnostic(`${each.toFixed(2)} commands for each of ${CLIENTS} clients`);
  assert.ok(each <= 4, `${each} for each`);
});
