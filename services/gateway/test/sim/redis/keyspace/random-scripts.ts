import { type Random, randomInt } from '@kittiwake/base';
import type { ScriptName } from '../../../../src/broker/redis/scripts.ts';

/** A script with its arguments; before a `brief` one everything brief of before is over. */
export type ScriptCall = {
  readonly name: ScriptName;
  readonly args: readonly string[];
  readonly brief: boolean;
};

type One = <T>(from: readonly T[]) => T;

const REPLIDS = ['a'.repeat(40), 'a'.repeat(40), 'b'.repeat(40)];
const NONCES = ['n1', 'n2', 'n3'];
const EPOCHS = REPLIDS.flatMap(replid => NONCES.map(nonce => `${replid}-${nonce}`));
const OWNERS = ['owner-0', 'owner-1', 'owner-10'];
const MEMBERS = ['m1', 'm2', 'm"3"/é', 'm4'];
const CHANNELS = ['one', 'two', 'one', 'two', 'one', 'two', 'brief'];
const LASTS_MS = { brief: 5, long: 600_000, day: 86_400_000 } as const;

/** Calls of every script that the gateway has, on few channels, owners and members, so that they meet. */
export function randomScripts(random: Random, count: number): readonly ScriptCall[] {
  const one: One = from => {
    const chosen = from[randomInt(random, from.length)];
    if (chosen === undefined) throw new Error('there is nothing to choose from');
    return chosen;
  };
  const kinds = [
    publish,
    publish,
    publish,
    publish,
    reveal,
    read,
    read,
    tails,
    rights,
    set,
    remove,
    touch,
    announce,
    list,
  ];
  return Array.from({ length: count }, () => (randomInt(random, 40) === 0 ? sweep(one) : one(kinds)(one)));
}

function call(name: ScriptName, about: string, args: readonly (string | number)[]): ScriptCall {
  return { name, args: args.map(String), brief: about.includes('brief') };
}

function publish(one: One): ScriptCall {
  const channel = one(CHANNELS);
  const key = `kw:{${channel}}`;
  const { keys, producer } = one([unknown, unknown, keyed, numbered, numbered])(one, key);
  const size = one([1_000, 1_000, 30, 10, 0]);
  const body = one(['{"data":1}', '70000', `"naïve 🐦 ${'y'.repeat(one([1, 60, 300, 500]))}"`, '{}']);
  return call(producer.length > 0 ? 'kwPublishNumbered' : 'kwPublish', key, [
    `${key}:state`,
    `${key}:history`,
    ...keys,
    one(REPLIDS),
    one(NONCES),
    body,
    key,
    size,
    size === 0 ? 0 : lasting(channel),
    keys[0] === `${key}:state` ? 0 : lasting(channel),
    LASTS_MS.day,
    8,
    one(['', 5, 10_000]),
    ...producer,
  ]);
}

/** The keys of what may be known of a publish; epoch and number of its producer, where it has one, and what that follows. */
type About = { readonly keys: readonly string[]; readonly producer: readonly (number | string)[] };

function unknown(_: One, key: string): About {
  return { keys: [`${key}:state`], producer: [] };
}

function keyed(one: One, key: string): About {
  return { keys: [`${key}:key:${one(['k1', 'k2', 'k3', 'k4'])}`], producer: [] };
}

function numbered(one: One, key: string): About {
  const [id, epoch, sequence] = [one(['p1', 'p2']), one([1, 1, 1, 1, 2]), one([1, 2, 3, 4, 5, 6])];
  const producer = `${key}:producer:${id}`;
  const follows = one(['', sequence - 1, Math.max(0, sequence - 2), 0]);
  return { keys: [`${producer}:${epoch}:${sequence}`, producer], producer: [epoch, sequence, follows] };
}

function reveal(one: One): ScriptCall {
  const key = `kw:{${one(CHANNELS)}}`;
  const [offset, most] = [one([0, 1, 2, 3, 5, 8, 20]), one([1, 3, 500])];
  const bounds = [most, one([10, 1_048_576]), LASTS_MS.day];
  return call('kwReveal', key, [`${key}:state`, `${key}:history`, offset, one(EPOCHS), key, ...bounds]);
}

function read(one: One): ScriptCall {
  const key = `kw:{${one(CHANNELS)}}`;
  const [from, most] = [one(['', 1, 2, 5, 20, 60, 500]), one([0, 1, 3, 50, 1_000])];
  return call('kwRead', key, [`${key}:state`, `${key}:history`, from, most, one([10, 1_000, 1_048_576])]);
}

function tails(one: One): ScriptCall {
  const channels = [one(CHANNELS), one(CHANNELS)];
  return call('kwTails', channels.join(), [
    'kw:generation',
    'salt',
    ...channels.map(name => `kw:{${name}}:state`),
  ]);
}

/** With every way in which a command can be refused for its arguments. */
function rights(): ScriptCall {
  return call('kwRights', 'kw:probe', ['kw:probe', 'kw:probe']);
}

function set(one: One): ScriptCall {
  const [channel, member] = [one(CHANNELS), one(MEMBERS)];
  const entry = JSON.stringify({ member, user: 'u', data: one([1, 2, { deep: null }]) });
  return call('kwPresenceSet', channel, [
    ...presenceKeys(channel),
    one(OWNERS),
    lasting(channel),
    member,
    entry,
    `kw:{${channel}}`,
    channel,
    one([2, 100]),
    one([0, 1, 2]),
    one([1, 2, 3]),
  ]);
}

function remove(one: One): ScriptCall {
  const channel = one(CHANNELS);
  const keys = presenceKeys(channel).slice(0, 2);
  return call('kwPresenceRemove', channel, [
    ...keys,
    one(OWNERS),
    one(MEMBERS),
    `kw:{${channel}}`,
    one([1, 2, 3]),
  ]);
}

function touch(one: One): ScriptCall {
  const channel = one(CHANNELS);
  const [owner, members] = [one(OWNERS), ['m1', one(MEMBERS), one(MEMBERS)]];
  return call('kwPresenceTouch', channel, [
    ...presenceKeys(channel),
    owner,
    lasting(channel),
    channel,
    ...members.flatMap(member => [member, one([0, 1, 2]), one([1, 2, 3])]),
  ]);
}

function sweep(one: One): ScriptCall {
  return call('kwPresenceSweep', 'brief', ['kw:presence', 100, one([1, 1_000])]);
}

function announce(one: One): ScriptCall {
  const [key, gateway] = [one(['lasting', 'lasting', 'brief']), one(['g1', 'g2', 'g3'])];
  const said = `{"gateway":"${gateway}","n":${one([1, 2, 3])}}`;
  return call('kwGatewayAnnounce', key, [`kw:${key}`, `kw:${key}:expiries`, gateway, said, lasting(key)]);
}

function list(one: One): ScriptCall {
  const key = one(['lasting', 'lasting', 'brief']);
  return call('kwGatewayList', key, [`kw:${key}`, `kw:${key}:expiries`, 1_000]);
}

function lasting(about: string): number {
  return about === 'brief' ? LASTS_MS.brief : LASTS_MS.long;
}

function presenceKeys(channel: string): readonly string[] {
  return [`kw:{${channel}}:members`, `kw:{${channel}}:expiries`, 'kw:presence'];
}
