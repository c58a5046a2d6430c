import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '@kittiwake/testkit';
import { type DevGateways, startDevGateways } from '../../../services/gateway/src/dev/dev-gateways.ts';
import type { Client } from '../src/client.ts';
import { createClient } from '../src/create-client.ts';

/** The SDK against two real gateways in this process: keeps the fake gateway of the other tests honest. */

type Chat = { 'chat:*': { 'chat:message:send': { readonly text: string } } };

let gateways: DevGateways;
const clients: Client<Chat>[] = [];

before(async () => {
  const started = await startDevGateways({ help: false, gateways: 2, port: 0, broker: { kind: 'memory' } });
  assert.ok(started.ok);
  gateways = started.value;
});

after(async () => {
  for (const client of clients) client.close();
  await gateways.stop();
});

function clientsPort(index: number): number {
  const ports = gateways.ports[index];
  assert.ok(ports !== undefined);
  return ports.clients;
}

/** A client of `user`, connected to the gateway of that index. */
async function connect(user: string, index: number, body: object = {}): Promise<Client<Chat>> {
  const token = async (): Promise<string> => {
    const response = await fetch(`http://localhost:${clientsPort(index)}/dev/token`, {
      method: 'POST',
      body: JSON.stringify({ user, ...body }),
    });
    return ((await response.json()) as { token: string }).token;
  };
  const client = createClient<Chat>({
    url: `ws://localhost:${clientsPort(index)}/v1/ws`,
    token,
    reconnect: { baseMs: 20 },
  });
  clients.push(client);
  client.connect();
  await until(() => client.status.phase === 'connected', { what: `${user} connects` });
  return client;
}

test('[K3] clients of two gateways share a channel, and a broken connection misses nothing', async () => {
  const [ada, bob] = await Promise.all([connect('ada', 0), connect('bob', 1)]);
  const heard: string[] = [];
  const room = bob.channel('chat:contract-1');
  room.onEvent('chat:message:send', ({ data }) => heard.push(data.text));
  assert.deepEqual(await room.join(), { ok: true, value: undefined });
  const sender = ada.channel('chat:contract-1');
  const first = await sender.publish('chat:message:send', { text: 'one' });
  assert.ok(first.outcome === 'acked' && first.level === 'primary');
  await until(() => heard.length === 1, { what: 'the first message' });
  bob.interrupt();
  for (const text of ['two', 'three'])
    assert.equal((await sender.publish('chat:message:send', { text })).outcome, 'acked');
  await until(() => heard.length === 3, { what: 'the replay' });
  assert.deepEqual(heard, ['one', 'two', 'three']);
  assert.deepEqual(bob.counters, { staleAnswers: 0, duplicates: 0, gaps: 0, strays: 0, unreadable: 0 });
});

test('[K5] the same key is stored once', async () => {
  const client = await connect('ada', 0);
  const channel = client.channel('chat:contract-2');
  const first = await channel.publish('chat:message:send', { text: 'once' }, { key: 'k-1' });
  const second = await channel.publish('chat:message:send', { text: 'once' }, { key: 'k-1' });
  assert.ok(first.outcome === 'acked' && second.outcome === 'acked');
  assert.deepEqual([first.duplicate, second.duplicate], [false, true]);
  assert.deepEqual(second.position, first.position);
});

test('[K6] what is published while there is no connection is sent after the resume', async () => {
  const client = await connect('ada', 0);
  const channel = client.channel('chat:contract-3');
  await channel.join();
  client.interrupt();
  const outcome = await channel.publish('chat:message:send', { text: 'later' });
  assert.equal(outcome.outcome, 'acked');
});

test('[K11] presence is seen across gateways, and leaves with its member', async () => {
  const [ada, bob] = await Promise.all([connect('ada', 0), connect('bob', 1)]);
  const names = (): string =>
    room.presence.map(({ user, data }) => `${user}=${JSON.stringify(data)}`).join(' ');
  const room = bob.channel('chat:contract-4');
  const other = ada.channel('chat:contract-4', { presence: 'here' });
  await Promise.all([room.join(), other.join()]);
  await until(() => names() === 'ada="here"', { what: 'ada is seen' });
  await other.setPresence('typing');
  await until(() => names() === 'ada="typing"', { what: 'the change is seen' });
  other.leave();
  await until(() => names() === '', { what: 'ada is gone' });
});

test('[K2] a channel that the token does not grant is refused, and the connection goes on', async () => {
  const client = await connect('eve', 0, { grants: { join: ['chat:other'] } });
  const channel = client.channel('chat:contract-5');
  void channel.join();
  await until(() => channel.state.phase === 'failed', { what: 'the refusal' });
  assert.ok(channel.state.phase === 'failed' && channel.state.failure.kind === 'forbidden');
  assert.equal(client.status.phase, 'connected');
});

test('[K5] data that its schema refuses is rejected with the path', async () => {
  const client = await connect('ada', 0);
  const outcome = await client.channel('chat:contract-6').publish('chat:message:send', { text: '' });
  assert.ok(outcome.outcome === 'rejected' && outcome.failure.kind === 'schema_violation');
  assert.match(outcome.failure.path ?? '', /text/);
});

test('[K13] history, requests and round trips are answered', async () => {
  const client = await connect('ada', 0);
  const channel = client.channel('chat:contract-7');
  await channel.publish('chat:message:send', { text: 'kept' });
  const history = await channel.history({ limit: 10 });
  assert.ok(history.ok);
  assert.deepEqual(
    history.value.publications.map(({ data }) => data.text),
    ['kept'],
  );
  const time = await client.request('kittiwake:time:get', null);
  assert.ok(time.ok);
  const rtt = await client.ping();
  assert.ok(rtt.ok && rtt.value < 5_000);
});
