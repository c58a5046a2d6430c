import assert from 'node:assert/strict';
import { systemClock } from '@kittiwake/base';
import type { Client } from '@kittiwake/client';
import { until } from '@kittiwake/testkit';

type Untyped = Record<never, never>;

/** Lets two clients talk in `channel`: each sees both, in the order of one history. Returns milliseconds from publish to deliver. */
export async function expectConversation(
  one: Client<Untyped>,
  other: Client<Untyped>,
  channel: string,
): Promise<readonly number[]> {
  const rooms = [one, other].map(client => client.channel(channel, { presence: { here: true } }));
  const seen: string[][] = rooms.map(() => []);
  const arrivedMs = new Map<string, number>();
  rooms.forEach((room, index) => {
    room.on('publication', ({ data }) => {
      const { text } = data as { text: string };
      seen[index]?.push(text);
      arrivedMs.set(text, systemClock.monotonicMs());
    });
  });
  for (const room of rooms) assert.deepEqual(await room.join(), { ok: true, value: undefined });
  const tookMs: number[] = [];
  const said: string[] = [];
  for (const [index, room] of [...rooms, ...rooms].entries()) {
    const text = `message ${index}`;
    said.push(text);
    const sentMs = systemClock.monotonicMs();
    const { outcome } = await room.publish('chat:message:send', { text });
    assert.equal(outcome, 'acked');
    await until(() => seen.every(texts => texts.includes(text)), { what: `${text} is delivered to both` });
    tookMs.push((arrivedMs.get(text) ?? Number.NaN) - sentMs);
  }
  assert.deepEqual(seen, [said, said]);
  await until(() => rooms.every(room => room.presence.length === 2), { what: 'both are listed' });
  return tookMs;
}
