import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createSeededRandom } from '@kittiwake/testkit';
import { issueCertificate } from './certificate.ts';
import { integer, objectIdentifier, time } from './der.ts';
import { addressBytes } from './subject-alternative-names.ts';

const serial = (seed: number) => Buffer.from(createSeededRandom(seed).hex(15), 'hex');
const VALIDITY = { notBeforeMs: Date.UTC(2026, 0, 1), notAfterMs: Date.UTC(2051, 0, 1) };

test('[R5] a CA and what it signs are what OpenSSL reads', () => {
  const ca = issueCertificate({
    purpose: 'authority',
    commonName: 'ca',
    hosts: [],
    validity: VALIDITY,
    serial: serial(1),
    issuer: undefined,
  });
  const issuer = { commonName: 'ca', key: createPrivateKey(ca.keyPem) };
  const hosts = ['controller.kittiwake.svc', '*.example.org', '10.0.0.1', 'fd00::1'];
  const leaf = issueCertificate({
    purpose: 'server',
    commonName: 'leaf',
    hosts,
    validity: VALIDITY,
    serial: serial(2),
    issuer,
  });
  const [parsedCa, parsedLeaf] = [new X509Certificate(ca.certPem), new X509Certificate(leaf.certPem)];
  assert.equal(parsedCa.ca, true);
  assert.equal(parsedLeaf.ca, false);
  assert.ok(parsedLeaf.checkIssued(parsedCa) && parsedLeaf.verify(parsedCa.publicKey));
  assert.ok(parsedLeaf.checkPrivateKey(createPrivateKey(leaf.keyPem)));
  assert.equal(
    parsedLeaf.subjectAltName,
    'DNS:controller.kittiwake.svc, DNS:*.example.org, IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1',
  );
  assert.equal(parsedLeaf.checkHost('controller.kittiwake.svc'), 'controller.kittiwake.svc');
  assert.equal(parsedLeaf.validToDate.getTime(), VALIDITY.notAfterMs);
  assert.equal(parsedLeaf.validFromDate.getTime(), VALIDITY.notBeforeMs);
});

test('[R5] integers are as short as they can be, and never negative', () => {
  assert.equal(integer(Buffer.from('00007f', 'hex')).toString('hex'), '02017f');
  assert.equal(integer(Buffer.from('80', 'hex')).toString('hex'), '02020080');
  assert.equal(integer(Buffer.from('00', 'hex')).toString('hex'), '020100');
});

test('[R5] object identifiers of RFC 5758 and X.690', () => {
  assert.equal(objectIdentifier('1.2.840.10045.4.3.2').toString('hex'), '06082a8648ce3d040302');
  assert.equal(objectIdentifier('2.5.29.17').toString('hex'), '0603551d11');
});

test('[R5] times change their form in 2050', () => {
  assert.equal(time(Date.UTC(2049, 11, 31, 23, 59, 59)).toString('latin1'), '\x17\x0d491231235959Z');
  assert.equal(time(Date.UTC(2050, 0, 1)).toString('latin1'), '\x18\x0f20500101000000Z');
});

for (const [address, hex] of [
  ['192.0.2.7', 'c0000207'],
  ['::1', '00000000000000000000000000000001'],
  ['2001:db8::ff00:42:8329', '20010db8000000000000ff0000428329'],
  ['::ffff:192.0.2.7', '00000000000000000000ffffc0000207'],
] as const) {
  test(`[R5] ${address} in bytes`, () => assert.equal(addressBytes(address).toString('hex'), hex));
}
