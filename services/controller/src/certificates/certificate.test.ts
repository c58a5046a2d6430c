import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createSeededRandom } from '@kittiwake/testkit';
import { type CertificateRequest, issueCertificate } from './certificate.ts';

const serial = (seed: number) => Buffer.from(createSeededRandom(seed).hex(15), 'hex');
const VALIDITY = { notBeforeMs: Date.UTC(2026, 0, 1), notAfterMs: Date.UTC(2051, 0, 1) };
const LEAF: CertificateRequest = {
  purpose: 'server',
  commonName: 'leaf',
  hosts: [],
  validity: VALIDITY,
  serial: serial(3),
  issuer: undefined,
};

test('[R5] a CA and what it signs are what OpenSSL reads', async () => {
  const ca = await issueCertificate({
    purpose: 'authority',
    commonName: 'ca',
    hosts: [],
    validity: VALIDITY,
    serial: serial(1),
    issuer: undefined,
  });
  const issuer = { commonName: 'ca', key: createPrivateKey(ca.keyPem) };
  const hosts = ['controller.kittiwake.svc', '*.example.org', '10.0.0.1', 'fd00::1'];
  const leaf = await issueCertificate({
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
  assert.deepEqual(parsedLeaf.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.ok(parsedLeaf.checkPrivateKey(createPrivateKey(leaf.keyPem)));
  assert.equal(
    parsedLeaf.subjectAltName,
    'DNS:controller.kittiwake.svc, DNS:*.example.org, IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1',
  );
  assert.equal(parsedLeaf.checkHost('controller.kittiwake.svc'), 'controller.kittiwake.svc');
  assert.equal(parsedLeaf.validToDate.getTime(), VALIDITY.notAfterMs);
  assert.equal(parsedLeaf.validFromDate.getTime(), VALIDITY.notBeforeMs);
});

test('[R5] an IPv6 address that ends in an IPv4 one keeps its bytes', async () => {
  const leaf = await issueCertificate({ ...LEAF, hosts: ['::ffff:192.0.2.7', '::1'] });
  assert.equal(
    new X509Certificate(leaf.certPem).subjectAltName,
    'IP Address:0:0:0:0:0:FFFF:C000:207, IP Address:0:0:0:0:0:0:0:1',
  );
});

test('[R5] names stay UTF8String, byte for byte, so that a CA which is stored already goes on signing', async () => {
  const { raw } = new X509Certificate((await issueCertificate({ ...LEAF, commonName: 'ca' })).certPem);
  const name = Buffer.from('300d310b300906035504030c026361', 'hex');
  assert.notEqual(raw.indexOf(name), raw.lastIndexOf(name), 'issuer and subject');
});

test('[R5] serial numbers are positive, whatever the random bytes are', async () => {
  for (const [byte, expected] of [
    [0x00, `01${'00'.repeat(15)}`],
    [0xff, `01${'FF'.repeat(15)}`],
  ] as const) {
    const { certPem } = await issueCertificate({ ...LEAF, serial: Buffer.alloc(15, byte) });
    assert.equal(new X509Certificate(certPem).serialNumber, expected);
  }
});

test('[R5] times are whole seconds, and change their form in 2050', async () => {
  const validity = {
    notBeforeMs: Date.UTC(2049, 11, 31, 23, 59, 59, 7),
    notAfterMs: Date.UTC(2050, 0, 1) + 7,
  };
  const { raw } = new X509Certificate((await issueCertificate({ ...LEAF, validity })).certPem);
  assert.ok(raw.includes('\x17\x0d491231235959Z\x18\x0f20500101000000Z', 0, 'latin1'));
});
