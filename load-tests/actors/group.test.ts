import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '@kittiwake/testkit';
import type { Measures } from '../lib/measures-port.ts';
import type { UseLoad } from '../lib/uses.ts';
import { createFakeGateway } from '../test/fake-gateway.ts';
import { Group } from './group.ts';

const LOAD: UseLoad = {
  channelPrefix: 'chat',
  event: 'load:chat:send',
  channels: 1,
  members: 2,
  talkers: 1,
  publishEveryMs: 1_000,
  textBytes: 4,
};

/** Counts what is measured, by name. */
function counting() {
  const totals: { [name: string]: number } = {};
  const add = (name: string) => (n: number) => {
    totals[name] = (totals[name] ?? 0) + n;
  };
  const measures: Measures = {
    deliveredAfter: () => add('delivered')(1),
    ackedAfter: () => add('acked')(1),
    resumedAfter: add('resumeMs'),
    resumed: whole => add(whole ? 'resumed' : 'notResumed')(1),
    lost: add('lost'),
    duplicated: add('duplicated'),
    reordered: add('reordered'),
    refused: add('refused'),
    cut: add('cut'),
    rejected: add('rejected'),
    told: add('told'),
  };
  return { totals, measures };
}

const CHANNEL = 'chat:load-g-0';
const at = (offset: number) => ({ offset, epoch: 'e' });

function joinedMessage(offset: number, outcome: string): object {
  return { type: 'joined', ref: 2, channel: CHANNEL, position: at(offset), resume: { outcome } };
}

function publication(offset: number, atMs: number): object {
  const data = { sentAtMs: atMs };
  return {
    type: 'publication',
    channel: CHANNEL,
    event: LOAD.event,
    version: 1,
    data,
    position: at(offset),
    atMs,
  };
}

/** A talker (peer 0) and a reader (peer 1) in one channel, whose gateway is the test. */
function scene() {
  const clock = createFakeClock();
  const gateway = createFakeGateway();
  const { totals, measures } = counting();
  const random = { next: () => 0.5, hex: () => '' };
  const group = new Group({ open: gateway.open, clock, random, token: 't', measures, load: LOAD, name: 'g' });
  const joins: boolean[] = [];
  group.start(all => joins.push(all));
  const peer = (index: number) => {
    const found = gateway.peers[index];
    assert.ok(found !== undefined, `attempt ${index} was made`);
    return found;
  };
  const joined = (index: number, offset: number, outcome = 'fresh') =>
    peer(index).say(joinedMessage(offset, outcome));
  const deliver = (index: number, offset: number) => peer(index).say(publication(offset, clock.nowMs()));
  const ack = (offset: number): void => {
    const publish = peer(0).sent.findLast(message => message['type'] === 'publish');
    peer(0).say({
      type: 'ack',
      ref: publish?.['ref'],
      channel: CHANNEL,
      level: 'primary',
      position: at(offset),
    });
  };
  const enter = (): void => {
    for (const index of [0, 1]) {
      peer(index).accept();
      joined(index, 0);
    }
    clock.advance(100);
    group.talk();
  };
  return { clock, group, totals, joins, peer, joined, deliver, ack, enter };
}

test('[W1] a publication that reaches everybody is delivered to each, and nothing is lost', () => {
  const { clock, group, totals, joins, deliver, ack, enter } = scene();
  enter();
  clock.advance(1_000);
  ack(1);
  deliver(0, 1);
  deliver(1, 1);
  group.finish();
  clock.advance(100);
  assert.deepEqual(joins, [true]);
  assert.deepEqual(totals, { acked: 1, delivered: 2, lost: 0 });
});

test('[W1] a publication that was acknowledged and never reached a member is lost', () => {
  const { clock, group, totals, deliver, ack, enter } = scene();
  enter();
  clock.advance(1_000);
  ack(1);
  deliver(0, 1);
  group.finish();
  clock.advance(10_000);
  assert.equal(totals['lost'], 1);
});

test('[W6] a member that was cut is whole again once it has what it missed', () => {
  const { clock, totals, deliver, joined, peer, enter } = scene();
  enter();
  peer(1).closed(1006);
  clock.advance(500);
  peer(2).accept();
  assert.deepEqual(peer(2).sent.at(-1)?.['position'], { offset: 0, epoch: 'e' });
  joined(2, 1, 'recovered');
  assert.equal(totals['resumed'], undefined);
  deliver(2, 1);
  assert.deepEqual([totals['cut'], totals['resumed'], totals['resumeMs']], [1, 1, 500]);
});

test('[W6] a member that never comes back counts against the ratio', () => {
  const { clock, group, totals, peer, enter } = scene();
  enter();
  peer(1).closed(1006);
  group.finish();
  clock.advance(10_000);
  assert.equal(totals['notResumed'], 1);
});

test('[W2] a publish without an answer is sent again with its key after the resume', () => {
  const { clock, joined, peer, enter } = scene();
  enter();
  clock.advance(1_000);
  const first = peer(0).sent.at(-1);
  peer(0).closed(1006);
  clock.advance(500);
  peer(2).accept();
  joined(2, 0, 'recovered');
  const again = peer(2).sent.at(-1);
  assert.equal(again?.['type'], 'publish');
  assert.equal(again?.['key'], first?.['key']);
  assert.notEqual(again?.['ref'], first?.['ref']);
});

test('[W7] a group that cannot come in says so and leaves', () => {
  const { clock, joins, peer } = scene();
  peer(0).accept();
  clock.advance(31_000);
  assert.deepEqual(joins, [false]);
  assert.equal(peer(0).closedByClient, true);
  assert.equal(clock.timers, 0);
});

test('[W2] a publish that is refused for good is counted and not sent again', () => {
  const { clock, totals, peer, enter } = scene();
  enter();
  clock.advance(1_000);
  const { length } = peer(0).sent;
  const ref = peer(0).sent.at(-1)?.['ref'];
  peer(0).say({ type: 'error', ref, kind: 'schema_violation', message: 'no', retry: 'never' });
  clock.advance(999);
  assert.equal(totals['rejected'], 1);
  assert.equal(peer(0).sent.length, length);
});
