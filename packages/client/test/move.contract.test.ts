import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { every, systemClock } from '@kittiwake/base';
import { until } from '@kittiwake/testkit';
import type { Client } from '../src/client.ts';
import type { Transport } from '../src/transport/transport.ts';
import { webSocketTransport } from '../src/transport/websocket-transport.ts';
import { type Chat, type RealGateways, startRealGateways } from './real-gateways.ts';

/** What a client notices of a gateway that is drained while the others go on, against real gateways. */

const EVENT = 'chat:message:send';
const CLIENTS = 20;

let gateways: RealGateways;

before(async () => {
  gateways = await startRealGateways(3);
});

after(() => gateways.stop());

/** Dials the gateways in turn, those that `isReady` says are ready, as an ingress does. */
function ingress(isReady: (index: number) => boolean): Transport {
  const sockets = webSocketTransport();
  let next = 0;
  return {
    dial(request, handler) {
      const ready = gateways.urls.filter((_, index) => isReady(index));
      next += 1;
      return sockets.dial({ ...request, url: ready[next % ready.length] ?? '' }, handler);
    },
  };
}

const nameOf = ({ status }: Client<Chat>): string => (status.phase === 'connected' ? status.gateway : '');

/** A member of the channel, and everything that it noticed. */
async function witness(user: string, transport: Transport) {
  const client = await gateways.connect(user, 0, { transport });
  const phases = new Set<string>();
  const offsets: number[] = [];
  client.on('status', ({ phase }) => phases.add(phase));
  const room = client.channel('chat:moving', { presence: { name: user } });
  room.on('state', ({ phase }) => phases.add(`channel ${phase}`));
  assert.ok((await room.join()).ok);
  phases.clear();
  room.on('publication', ({ position }) => offsets.push(position.offset));
  return { client, phases, offsets, room };
}

test('[K18] members of a gateway that is drained miss nothing, get nothing twice, and are never disconnected', async () => {
  let isDraining = false;
  const transport = ingress(index => (isDraining ? index !== 0 : index === 0));
  const witnesses = await Promise.all(
    Array.from({ length: CLIENTS }, (_, n) => witness(`user-${n}`, transport)),
  );
  const watcher = await witness(
    'watcher',
    ingress(index => index === 1),
  );
  await until(() => watcher.room.presence.length === CLIENTS + 1, { what: 'everybody is listed' });
  const listed: number[] = [];
  watcher.room.on('presence', members => listed.push(members.length));
  const outcomes: Promise<{ readonly outcome: string }>[] = [];
  const talking = every(systemClock, 10, () => {
    const talker = witnesses[outcomes.length % CLIENTS] ?? watcher;
    outcomes.push(talker.room.publish(EVENT, { text: `${outcomes.length}` }));
  });
  isDraining = true;
  await gateways.drain(0);
  await until(() => witnesses.every(({ client }) => nameOf(client) !== ''), {
    what: 'everybody is connected',
  });
  talking.cancel();
  const ended = await Promise.all(outcomes);
  assert.deepEqual(new Set(ended.map(({ outcome }) => outcome)), new Set(['acked']));
  const all = [...witnesses, watcher];
  const newest = (): number => watcher.offsets.at(-1) ?? 0;
  await until(() => all.every(({ offsets }) => offsets.at(-1) === newest() && newest() >= ended.length), {
    what: 'everybody has everything',
  });
  const wanted = Array.from({ length: newest() }, (_, n) => n + 1);
  for (const { offsets, phases, client } of witnesses) {
    assert.deepEqual(offsets, wanted);
    assert.deepEqual([...phases], ['connected'], 'another gateway, and no other status in between');
    assert.notEqual(nameOf(client), 'gateway-0');
  }
  assert.deepEqual(new Set(listed), new Set(), 'the list of who is there did not flicker');
});
