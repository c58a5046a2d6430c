import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createSeededRandom } from '@kittiwake/testkit';
import { loadX509 } from './load-x509.ts';
import {
  inspectMaterial,
  isDue,
  issueMaterial,
  LIFETIMES,
  type ServingMaterial,
  splitPem,
} from './serving-material.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const HOSTS = ['controller.kittiwake.svc'];
const random = createSeededRandom(1);
const issue = (previous?: { material: ServingMaterial; keepCa: boolean }, nowMs = NOW_MS) =>
  issueMaterial({ hosts: HOSTS, nowMs, lifetimes: LIFETIMES, random, previous });

test('[R5] new material fits together', async () => {
  const facts = inspectMaterial(await issue());
  assert.deepEqual(facts?.hosts, HOSTS);
  assert.equal(facts?.leaf.notAfterMs, NOW_MS + LIFETIMES.leafMs);
});

test('[R5] a certificate is due when two thirds of its life are over', () => {
  const lifetime = { notBeforeMs: 0, notAfterMs: 90 };
  assert.equal(isDue(lifetime, 59), false);
  assert.equal(isDue(lifetime, 60), true);
});

test('[R5] rotation keeps the CA, so nobody has to be told', async () => {
  const first = await issue();
  const second = await issue({ material: first, keepCa: true });
  assert.equal(second.caPem, first.caPem);
  assert.notEqual(second.certPem, first.certPem);
  assert.ok(inspectMaterial(second));
});

test('[R5] a new CA comes first, and the old one stays trusted until it ends', async () => {
  const first = await issue();
  const second = await issue({ material: first, keepCa: false });
  assert.ok(inspectMaterial(second));
  const [, old] = splitPem(second.caPem);
  assert.ok(
    old !== undefined && new X509Certificate(first.certPem).verify(new X509Certificate(old).publicKey),
  );
  const muchLater = await issue({ material: second, keepCa: false }, NOW_MS + LIFETIMES.caMs + 1_000);
  assert.equal(splitPem(muchLater.caPem).length, 1);
});

test('[R5] the bundle never grows beyond three', async () => {
  let material = await issue();
  for (let round = 0; round < 5; round += 1) material = await issue({ material, keepCa: false });
  assert.equal(splitPem(material.caPem).length, 3);
});

test('[R6] parts that do not belong together are found out', async () => {
  const [a, b] = [await issue(), await issue()];
  assert.equal(inspectMaterial({ ...a, keyPem: b.keyPem }), undefined);
  assert.equal(inspectMaterial({ ...a, caPem: b.caPem }), undefined);
  assert.equal(inspectMaterial({ ...a, caKeyPem: b.caKeyPem }), undefined);
  assert.equal(inspectMaterial({ ...a, certPem: 'rubbish' }), undefined);
});

test('[R6] a CA whose key is not of our kind is found out before it has to sign', async () => {
  const { X509CertificateGenerator } = await loadX509();
  for (const namedCurve of ['P-256', 'P-384']) {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign', 'verify']);
    const certificate = await X509CertificateGenerator.createSelfSigned({ name: 'CN=own', keys });
    const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
    const keyPem = `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64')}\n-----END PRIVATE KEY-----\n`;
    const certPem = certificate.toString('pem');
    const facts = inspectMaterial({ caPem: certPem, caKeyPem: keyPem, certPem, keyPem });
    assert.equal(facts !== undefined, namedCurve === 'P-256', namedCurve);
  }
});
