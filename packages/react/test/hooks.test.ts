import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWorld, type World } from '@kittiwake/client/testing';
import { createElement, type ReactNode, useState } from 'react';
import { renderToString } from 'react-dom/server';
import { KittiwakeProvider } from '../src/client-provider.ts';
import { useChannel } from '../src/use-channel.ts';
import { useChannelEvent } from '../src/use-channel-event.ts';
import { useConnectionStatus } from '../src/use-connection-status.ts';
import { usePresence } from '../src/use-presence.ts';
import { usePublish } from '../src/use-publish.ts';
import { useTruncated } from '../src/use-truncated.ts';
import { mount, settle } from './mounted.ts';

const inside = (world: World, children: ReactNode): ReactNode =>
  createElement(KittiwakeProvider, { client: world.client }, children);

type Texts = { 'chat:*': { [event: string]: string } };
type Send = ReturnType<typeof usePublish<Texts['chat:*'], string>>;

const Status = (): ReactNode => useConnectionStatus().phase;
const Room = (): ReactNode => useChannel('chat:1').state.phase;

const Members = (): ReactNode => {
  const { channel } = useChannel('chat:1', { presence: { name: 'Ada' } });
  return JSON.stringify(usePresence(channel).map(entry => entry.data));
};

const Listener = ({ handle }: { readonly handle: () => void }): ReactNode => {
  const { channel } = useChannel('chat:1');
  useChannelEvent(channel, 'test:event:happened', handle);
  return null;
};

const Sender = ({ take }: { readonly take: (send: Send) => void }): ReactNode => {
  const { channel } = useChannel<Texts, 'chat:1'>('chat:1');
  take(usePublish(channel, 'chat:message:send'));
  return null;
};

const Shown = (): ReactNode => {
  const [texts, setTexts] = useState<readonly (readonly [offset: number, text: unknown])[]>([]);
  const { channel } = useChannel('chat:1');
  useChannelEvent(channel, 'test:event:happened', ({ position, data }) =>
    setTexts(all => [...all, [position.offset, data] as const]),
  );
  useTruncated(channel, ({ from }) => setTexts(all => all.filter(([offset]) => offset < from)));
  return texts.map(([, text]) => text).join(' ');
};

const Everything = (): ReactNode => {
  const { channel, state } = useChannel('chat:1');
  return `${useConnectionStatus().phase} ${state.phase} ${usePresence(channel).length}`;
};

test('[K3] the provider connects, and the status follows', async () => {
  const world = createWorld();
  const { element, unmount } = await mount(inside(world, createElement(Status)));
  assert.equal(element.textContent, 'connecting');
  await settle(() => world.clock.run(50));
  assert.equal(element.textContent, 'connected');
  await settle(async () => world.client.close());
  assert.equal(element.textContent, 'closed');
  await unmount();
});

test('[K3] StrictMode mounts twice and joins once', async () => {
  const world = createWorld();
  const { element, unmount } = await mount(inside(world, createElement(Room)));
  await settle(() => world.clock.run(50));
  assert.equal(element.textContent, 'joined');
  assert.equal(world.gateway.heard('join').length, 1);
  assert.equal(world.gateway.heard('leave').length, 0);
  await unmount();
  await world.clock.run(50);
  assert.equal(world.gateway.heard('leave').length, 1);
});

test('[K3] two components share a membership, and the last one leaves', async () => {
  const world = createWorld();
  const one = createElement(Room, { key: 1 });
  const { update, unmount } = await mount(inside(world, [one, createElement(Room, { key: 2 })]));
  await settle(() => world.clock.run(50));
  await update(inside(world, [one]));
  await world.clock.run(50);
  assert.equal(world.gateway.heard('join').length, 1);
  assert.equal(world.gateway.heard('leave').length, 0);
  await unmount();
  await world.clock.run(50);
  assert.equal(world.gateway.heard('leave').length, 1);
});

test('[K11] presence renders who is here', async () => {
  const world = createWorld();
  const { element, unmount } = await mount(inside(world, createElement(Members)));
  await settle(() => world.clock.run(50));
  assert.equal(element.textContent, '[{"name":"Ada"}]');
  await unmount();
});

test('[K7] an event calls the handler of the latest render, once', async () => {
  const world = createWorld();
  const seen: string[] = [];
  const listener = (label: string): ReactNode =>
    inside(world, createElement(Listener, { handle: () => void seen.push(label) }));
  const { update, unmount } = await mount(listener('first'));
  await settle(() => world.clock.run(50));
  await update(listener('second'));
  world.gateway.publish('chat:1');
  await settle(() => world.clock.run(50));
  assert.deepEqual(seen, ['second']);
  await unmount();
});

test('[K5] usePublish keeps its function across renders and gives the outcome', async () => {
  const world = createWorld();
  const functions: Send[] = [];
  const take = (send: Send): void => void functions.push(send);
  const { update, unmount } = await mount(inside(world, createElement(Sender, { take })));
  await settle(() => world.clock.run(50));
  await update(inside(world, createElement(Sender, { take })));
  const outcome = functions[0]?.('hello');
  await world.clock.run(50);
  assert.equal((await outcome)?.outcome, 'acked');
  // StrictMode renders the first time twice, with a memory of its own each time; those that were kept are the same.
  assert.equal(new Set(functions.slice(1)).size, 1);
  await unmount();
});

test('[K12] rendering on a server touches nothing', () => {
  const world = createWorld();
  const html = renderToString(inside(world, createElement(Everything)));
  assert.equal(html, 'idle detached 0');
  assert.equal(world.network.dialled, 0);
  assert.equal(world.clock.timers, 0);
});

test('[K10] what a failover lost is taken back, and the channel’s own publications follow', async () => {
  const world = createWorld();
  const { element, unmount } = await mount(inside(world, createElement(Shown)));
  await settle(() => world.clock.run(50));
  for (const text of ['one', 'two', 'three']) world.gateway.publish('chat:1', text);
  await settle(() => world.clock.run(50));
  assert.equal(element.textContent, 'one two three');
  world.gateway.failover('chat:1', 'b', 2);
  world.gateway.publish('chat:1', 'theirs');
  await settle(() => world.clock.run(50));
  assert.equal(element.textContent, 'one theirs');
  await unmount();
});
