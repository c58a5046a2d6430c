import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom } from '@kittiwake/testkit';
import { issueMaterial, LIFETIMES } from '../certificates/serving-material.ts';
import type { Observed } from './observed.ts';
import { plan } from './plan.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const DESIRED = { hosts: ['controller.kittiwake.svc'], apiServices: ['v1beta1.x', 'v1beta2.x'] };
const material = await issueMaterial({
  hosts: DESIRED.hosts,
  nowMs: NOW_MS,
  lifetimes: LIFETIMES,
  random: createSeededRandom(1),
  previous: undefined,
});
const SETTLED: Observed = {
  nowMs: NOW_MS,
  material: { kind: 'present', version: '1', material },
  apiServices: DESIRED.apiServices.map(name => ({ name, caPem: material.caPem })),
};
const words = (observed: Observed, desired = DESIRED) =>
  plan(observed, desired).map(action =>
    action.kind === 'issue' ? `issue ${action.reason} ${action.keepCa}` : `trust ${action.apiService}`,
  );

test('[R6] nothing is done where nothing is missing', () => {
  assert.deepEqual(words(SETTLED), []);
});

test('[R6] an empty cluster gets a certificate, and its APIServices trust it', () => {
  const apiServices = DESIRED.apiServices.map(name => ({ name, caPem: '' }));
  const empty: Observed = { nowMs: NOW_MS, material: { kind: 'absent' }, apiServices };
  assert.deepEqual(words(empty), ['issue absent false', 'trust v1beta1.x', 'trust v1beta2.x']);
});

test('[R6] an APIService that was applied anew is told again', () => {
  const apiServices = [{ name: 'v1beta1.x', caPem: '' }, ...SETTLED.apiServices.slice(1)];
  assert.deepEqual(words({ ...SETTLED, apiServices }), ['trust v1beta1.x']);
});

test('[R6] an APIService that was not applied is left alone', () => {
  assert.deepEqual(words({ ...SETTLED, apiServices: [] }), []);
});

test('[R5] after two thirds of 90 days the certificate is replaced, the CA is not', () => {
  assert.deepEqual(words({ ...SETTLED, nowMs: NOW_MS + LIFETIMES.leafMs * 0.66 }), []);
  assert.deepEqual(words({ ...SETTLED, nowMs: NOW_MS + LIFETIMES.leafMs * 0.67 }), [
    'issue certificate_due true',
  ]);
});

test('[R5] a CA past two thirds of its life is replaced, and everybody is told', () => {
  const nowMs = NOW_MS + LIFETIMES.caMs * 0.7;
  assert.deepEqual(words({ ...SETTLED, nowMs }), [
    'issue ca_due false',
    'trust v1beta1.x',
    'trust v1beta2.x',
  ]);
});

test('[R6] a Service that was renamed gets another certificate from the same CA', () => {
  assert.deepEqual(words(SETTLED, { ...DESIRED, hosts: ['other.kittiwake.svc'] }), [
    'issue hosts_changed true',
  ]);
});

test('[R6] a Secret that somebody broke is made anew', () => {
  assert.equal(
    words({ ...SETTLED, material: { kind: 'unreadable', version: '2' } })[0],
    'issue unreadable false',
  );
  const broken = { ...material, keyPem: 'rubbish' };
  assert.equal(
    words({ ...SETTLED, material: { kind: 'present', version: '2', material: broken } })[0],
    'issue unreadable false',
  );
});
