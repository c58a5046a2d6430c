import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventName, jsonCodec, type Publication, type ServerMessage } from '@kittiwake/protocol';
import fc from 'fast-check';
import { CHANNEL, publicationAt } from '../../test/support/fixtures.ts';
import { EncodedBroadcast } from '../protocol/encode.ts';
import { ConflatingOutlet } from './conflating-outlet.ts';

/** An outlet whose peer is behind or not as a test says, joined at 10. */
function outletOf() {
  const sent: ServerMessage[] = [];
  const world = { isBehind: false, leftOut: 0 };
  let waiting: (() => void)[] = [];
  const outlet = new ConflatingOutlet({
    format: 'json',
    write: frame => {
      const decoded = jsonCodec.decodeServer(frame.payload.toString());
      if (decoded.ok) sent.push(decoded.value);
    },
    gauge: {
      get isBehind() {
        return world.isBehind;
      },
      sent: () => {},
      whenRead: work => waiting.push(work),
    },
    onLeftOut: publications => {
      world.leftOut += publications;
    },
  });
  outlet.joinedAt(10);
  const read = (): void => {
    world.isBehind = false;
    const works = waiting;
    waiting = [];
    for (const work of works) work();
  };
  return { outlet, sent, world, read };
}

const of = (offset: number, event = 'price:set'): EncodedBroadcast =>
  new EncodedBroadcast({ ...publicationAt(offset), event: event as EventName });

/** What was sent in short: an offset, or up to where was left out. */
const short = (messages: readonly ServerMessage[]) =>
  messages.map(message => {
    if (message.type === 'publication') return message.position.offset;
    if (message.type !== 'truncated') return message.type;
    const { resume } = message;
    return resume.outcome === 'trimmed' ? `on at ${resume.firstOffset}` : resume.outcome;
  });

test('[C13] a member that reads gets everything', () => {
  const { outlet, sent, world } = outletOf();
  for (const offset of [11, 12, 13]) outlet.give(of(offset));
  assert.deepEqual([short(sent), world.leftOut], [[11, 12, 13], 0]);
});

test('[C13] a member that is behind gets the newest of each event, and is told what is left out', () => {
  const { outlet, sent, world, read } = outletOf();
  outlet.give(of(11));
  world.isBehind = true;
  for (let offset = 12; offset <= 20; offset += 1)
    outlet.give(of(offset, offset % 4 === 0 ? 'state:set' : 'price:set'));
  assert.deepEqual(short(sent), [11]);
  read();
  outlet.give(of(21));
  assert.deepEqual(short(sent), [11, 'on at 19', 19, 20, 21]);
  assert.equal(world.leftOut, 7);
});

test('[C13] nothing is told where nothing was left out', () => {
  const { outlet, sent, world, read } = outletOf();
  world.isBehind = true;
  outlet.give(of(11));
  outlet.give(of(12, 'state:set'));
  read();
  assert.deepEqual([short(sent), world.leftOut], [[11, 12], 0]);
});

test('[C13] news of a history that changed comes after what was published before', () => {
  const { outlet, sent, world, read } = outletOf();
  world.isBehind = true;
  for (const offset of [11, 12, 13]) outlet.give(of(offset));
  const resume = { outcome: 'truncated', divergedAt: 13 } as const;
  const position = { offset: 13, epoch: 'b' };
  outlet.give(new EncodedBroadcast({ type: 'truncated', channel: CHANNEL, position, resume }));
  outlet.give(of(13));
  read();
  assert.deepEqual(short(sent), ['on at 13', 13, 'truncated', 13]);
});

test('[C13] what says who is here does not wait, nor hurry anything', () => {
  const { outlet, sent, world, read } = outletOf();
  world.isBehind = true;
  outlet.give(of(11));
  outlet.give(new EncodedBroadcast({ type: 'presence-diff', channel: CHANNEL, set: [], left: [] }));
  assert.deepEqual(short(sent), ['presence-diff']);
  read();
  assert.deepEqual(short(sent), ['presence-diff', 11]);
});

test('[C13] of more events than are kept the oldest is left out, and told', () => {
  const { outlet, sent, world, read } = outletOf();
  world.isBehind = true;
  for (let offset = 11; offset <= 110; offset += 1) outlet.give(of(offset, `event:${offset}`));
  read();
  assert.deepEqual([sent.length, short(sent)[0], world.leftOut], [65, 'on at 47', 36]);
});

test('[C7][C13] nothing follows the end', () => {
  const { outlet, sent, world, read } = outletOf();
  world.isBehind = true;
  outlet.give(of(11));
  outlet.end();
  read();
  assert.deepEqual(sent, []);
});

test('[C13] however a member reads, it gets or is told of each publication once, in order, and ends with the newest', () => {
  const step = fc.record({ event: fc.integer({ min: 0, max: 5 }), isBehind: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 200 }), steps => {
      const { outlet, sent, world, read } = outletOf();
      const newest = new Map<string, number>();
      for (const [n, { event, isBehind }] of steps.entries()) {
        if (isBehind) world.isBehind = true;
        else read();
        outlet.give(of(11 + n, `event:${event}`));
        newest.set(`event:${event}`, 11 + n);
      }
      read();
      let next = 11;
      for (const message of sent) {
        if (message.type === 'truncated' && message.resume.outcome === 'trimmed') {
          assert.ok(message.resume.firstOffset > next);
          next = message.resume.firstOffset;
        } else if (message.type === 'publication') {
          assert.equal(message.position.offset, next);
          next += 1;
        }
      }
      assert.equal(next, 11 + steps.length);
      const got = sent.filter((message): message is Publication => message.type === 'publication');
      for (const [event, offset] of newest)
        assert.equal(got.findLast(publication => publication.event === event)?.position.offset, offset);
    }),
  );
});
