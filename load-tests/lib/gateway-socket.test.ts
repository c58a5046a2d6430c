import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock, type FakeClock } from '@kittiwake/testkit';
import { createFakeGateway, type FakeGateway, type FakePeer } from '../test/fake-gateway.ts';
import { GatewaySocket } from './gateway-socket.ts';

type Scene = {
  readonly clock: FakeClock;
  readonly gateway: FakeGateway;
  readonly socket: GatewaySocket;
  readonly heard: string[];
  peer(index: number): FakePeer;
};

function started(): Scene {
  const clock = createFakeClock();
  const gateway = createFakeGateway();
  const heard: string[] = [];
  const random = { next: () => 0.5, hex: () => '' };
  const socket = new GatewaySocket(
    { open: gateway.open, clock, random, token: 't' },
    {
      ready: () => heard.push('ready'),
      message: message => heard.push(message.type),
      cut: code => heard.push(`cut ${code}`),
      refused: code => heard.push(`refused ${code}`),
      ended: () => heard.push('ended'),
    },
  );
  socket.start();
  const peer = (index: number): FakePeer => {
    const found = gateway.peers[index];
    assert.ok(found !== undefined, `attempt ${index} was made`);
    return found;
  };
  return { clock, gateway, socket, heard, peer };
}

test('[W3] says connect first, and is ready when the session stands', () => {
  const { peer, heard, socket } = started();
  assert.equal(socket.send({ type: 'ping' }), false);
  peer(0).accept();
  assert.deepEqual(peer(0).sent[0], {
    type: 'connect',
    ref: 1,
    protocol: 1,
    token: 't',
    client: 'kittiwake-load/1',
  });
  assert.deepEqual(heard, ['ready']);
});

test('[W3] comes back after a cut with the same session', () => {
  const { peer, heard, clock } = started();
  peer(0).accept();
  peer(0).closed(1006);
  clock.advance(500);
  peer(1).accept();
  assert.equal(peer(1).sent[0]?.['session'], 's1');
  assert.deepEqual(heard, ['ready', 'cut 1006', 'ready']);
});

test('[W3] gives a dial up after three seconds, and closes it should it open late', () => {
  const { peer, heard, clock } = started();
  clock.advance(3_000);
  assert.deepEqual(heard, ['refused 1006']);
  peer(0).opened();
  assert.equal(peer(0).closedByClient, true);
  assert.deepEqual(peer(0).sent, []);
});

test('[W3] moves when goaway says, even if the gateway does not close', () => {
  const { peer, heard, clock } = started();
  peer(0).accept();
  peer(0).say({ type: 'goaway', reconnectAfterMs: 2_000, reason: 'drain' });
  clock.advance(1_999);
  assert.equal(peer(0).closedByClient, false);
  clock.advance(1);
  assert.equal(peer(0).closedByClient, true);
  clock.advance(0);
  peer(1).accept();
  assert.deepEqual(heard, ['ready', 'goaway', 'cut 1006', 'ready']);
});

test('[W3] answers a ping', () => {
  const { peer } = started();
  peer(0).accept();
  peer(0).say({ type: 'ping', ref: 7 });
  assert.deepEqual(peer(0).sent.at(-1), { type: 'pong', ref: 7 });
});

test('[W3] drops a connection that is silent for interval and timeout', () => {
  const { peer, heard, clock } = started();
  peer(0).accept();
  clock.advance(20_000);
  peer(0).heard();
  clock.advance(34_999);
  assert.deepEqual(heard, ['ready']);
  clock.advance(1);
  assert.deepEqual(heard, ['ready', 'cut 1006']);
});

test('[W3] ends where the close table says never', () => {
  const { peer, heard, clock, gateway } = started();
  peer(0).accept();
  peer(0).closed(4403);
  clock.advance(60_000);
  assert.deepEqual(heard, ['ready', 'cut 4403', 'ended']);
  assert.equal(gateway.peers.length, 1);
});

test('[W3] leaves no timer behind: an iteration of k6 ends only when all are done', () => {
  const { peer, socket, clock } = started();
  peer(0).accept();
  peer(0).say({ type: 'goaway', reconnectAfterMs: 2_000, reason: 'drain' });
  socket.stop();
  assert.equal(clock.timers, 0);
  assert.equal(peer(0).closedByClient, true);
});

test('[W3] what is no message is ignored', () => {
  const { peer, heard } = started();
  peer(0).accept();
  peer(0).received('{"type":');
  peer(0).say({ type: 'never-heard-of' });
  assert.deepEqual(heard, ['ready']);
});
