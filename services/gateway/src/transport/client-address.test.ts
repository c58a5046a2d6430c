import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClientAddress } from './client-address.ts';

const behindProxy = createClientAddress(['10.0.0.0/8', 'fd00::/8', '192.0.2.7', 'nonsense', '10.0.0.0/99']);

const CASES: readonly [string, string, string | undefined, string][] = [
  ['the socket where nobody forwards', '198.51.100.1', undefined, '198.51.100.1'],
  ['the socket where the header comes from anybody', '198.51.100.1', '203.0.113.9', '198.51.100.1'],
  ['what a trusted proxy says', '10.1.2.3', '203.0.113.9', '203.0.113.9'],
  ['the right-most that is no proxy', '10.1.2.3', '1.1.1.1, 203.0.113.9, 10.9.9.9', '203.0.113.9'],
  ['the left-most where all are proxies', '10.1.2.3', '10.7.7.7, 10.9.9.9', '10.7.7.7'],
  ['the last good hop before nonsense', '10.1.2.3', '203.0.113.9, <script>', '10.1.2.3'],
  ['IPv6', 'fd00::1', '2001:db8::5', '2001:db8::5'],
  ['IPv4 that IPv6 wraps', '::ffff:10.1.2.3', '::ffff:203.0.113.9', '203.0.113.9'],
  ['a proxy given as one address', '192.0.2.7', '203.0.113.9', '203.0.113.9'],
];

for (const [what, socket, forwarded, expected] of CASES) {
  test(`[T7] the client's address is ${what}`, () => {
    assert.equal(behindProxy(socket, forwarded), expected);
  });
}

test('[T7] without trusted proxies the header means nothing', () => {
  assert.equal(createClientAddress([])('127.0.0.1', '203.0.113.9'), '127.0.0.1');
});
