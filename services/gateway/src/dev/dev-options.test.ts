import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDevOptions } from './dev-options.ts';

test('[V2] without arguments it is one gateway on 8000 with memory', () => {
  assert.deepEqual(parseDevOptions([]), {
    ok: true,
    value: { help: false, gateways: 1, port: 8_000, broker: { kind: 'memory' } },
  });
});

test('[V2] reads a Redis, a number of gateways and a port', () => {
  const parsed = parseDevOptions(['--gateways', '3', '--port', '0', '--redis', 'rediss://r:6380']);
  assert.deepEqual(parsed.ok && parsed.value, {
    help: false,
    gateways: 3,
    port: 0,
    broker: { kind: 'redis', url: 'rediss://r:6380' },
  });
});

test('[V2] reads Sentinels, the usual port where none is given, IPv6 in brackets', () => {
  const parsed = parseDevOptions(['--sentinel', 'a:26380,b,[::1]:26381', '--master', 'mymaster']);
  assert.deepEqual(parsed.ok && parsed.value.broker, {
    kind: 'sentinel',
    master: 'mymaster',
    sentinels: [
      { host: 'a', port: 26_380 },
      { host: 'b', port: 26_379 },
      { host: '::1', port: 26_381 },
    ],
  });
});

test('[V2] everything that is wrong is said together', () => {
  const parsed = parseDevOptions(['--gateways', '0', '--port', '70000', '--sentinel', 'a:b:c,']);
  assert.deepEqual(parsed.ok ? [] : parsed.error.split('\n'), [
    '--gateways must be a number from 1 to 16',
    '--port must be a number from 0 to 65000',
    '--sentinel needs --master, the name that the Sentinels watch',
    '--sentinel: a:b:c is not host:port',
    '--sentinel: an address is empty',
  ]);
});

const WRONG: readonly (readonly [args: readonly string[], problem: RegExp])[] = [
  [['--gateways', '17'], /from 1 to 16/],
  [['--gateways', ''], /from 1 to 16/],
  [['--gateways', '1e1'], /from 1 to 16/],
  [['--port', '-1'], /--port/],
  [['--redis', 'localhost:6379'], /like redis:\/\//],
  [['--redis', 'redis://'], /like redis:\/\//],
  [['--redis', 'redis://a', '--sentinel', 'b', '--master', 'm'], /exclude each other/],
  [['--master', 'mymaster'], /goes with --sentinel/],
  [['--redis', 'redis://a', '--master', 'mymaster'], /goes with --sentinel/],
  [['--sentinel', 'a', '--master', ''], /needs --master/],
  [['--gateway', '3'], /Unknown option '--gateway'/],
  [['three'], /Unexpected argument 'three'/],
];

for (const [args, problem] of WRONG) {
  test(`[V2] "${args.join(' ')}" is refused`, () => {
    const parsed = parseDevOptions(args);
    assert.match(parsed.ok ? '' : parsed.error, problem);
  });
}
