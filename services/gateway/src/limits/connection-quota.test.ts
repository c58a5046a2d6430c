import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressKey, ConnectionQuota } from './connection-quota.ts';

test('[L4] refuses when the gateway is full, and has room again after a release', () => {
  const quota = new ConnectionQuota({ connectionsMax: 2, connectionsPerAddressMax: 0 });
  assert.deepEqual(
    ['a', 'a', 'b'].map(address => quota.admit(address)),
    ['admitted', 'admitted', 'gateway_full'],
  );
  quota.release('a');
  assert.equal(quota.admit('b'), 'admitted');
  assert.equal(quota.total, 2);
});

test('[L4] one address cannot take the room of others', () => {
  const quota = new ConnectionQuota({ connectionsMax: 10, connectionsPerAddressMax: 1 });
  assert.deepEqual(
    ['a', 'a', 'b'].map(address => quota.admit(address)),
    ['admitted', 'address_full', 'admitted'],
  );
  quota.release('a');
  assert.equal(quota.verdict('a'), 'admitted');
});

test('[L4] a release without an admission is a bug', () => {
  const quota = new ConnectionQuota({ connectionsMax: 10, connectionsPerAddressMax: 1 });
  assert.throws(() => quota.release('a'), /admitted/);
});

test('[L4] addresses of one IPv6 /64 count as one, and wrapped IPv4 as IPv4', () => {
  assert.equal(addressKey('2001:db8:1:2::1'), '2001:db8:1:2::/64');
  assert.equal(addressKey('2001:0db8:0001:0002:ffff:1:2:3'), '2001:db8:1:2::/64');
  assert.equal(addressKey('2001:db8::1'), '2001:db8:0:0::/64');
  assert.equal(addressKey('::1'), '0:0:0:0::/64');
  assert.equal(addressKey('fe80::1%eth0'), 'fe80:0:0:0::/64');
  assert.equal(addressKey('::ffff:192.0.2.1'), '192.0.2.1');
  assert.equal(addressKey('192.0.2.1'), '192.0.2.1');
});
