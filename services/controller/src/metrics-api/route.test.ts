import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toRoute } from './route.ts';

const BASE = '/apis/custom.metrics.k8s.io/v1beta2';
const kind = (target: string, method = 'GET') => {
  const route = toRoute(method, target);
  return route.ok ? route.value.kind : route.error.code;
};

const CASES: readonly (readonly [string, string | number])[] = [
  ['/apis', 'groups'],
  ['/apis/custom.metrics.k8s.io', 'group'],
  [BASE, 'resources'],
  ['/apis/custom.metrics.k8s.io/v1beta1/', 'resources'],
  [`${BASE}/namespaces/n/pods/%2A/m?labelSelector=a%3Db`, 'pods'],
  [`${BASE}/namespaces/n/pods/*/m`, 'pods'],
  [`${BASE}/namespaces/n/pods/p/m`, 'pod'],
  [`${BASE}/namespaces/n/metrics/m`, 'namespace'],
  ['/openapi/v2', 404],
  ['/openapi/v3', 404],
  ['/', 404],
  ['/apis/apps', 404],
  ['/apis/custom.metrics.k8s.io/v1', 404],
  [`${BASE}/namespaces/n/pods/p`, 404],
  [`${BASE}/namespaces/n/pods/p/m/more`, 404],
  [`${BASE}/namespaces/n/services/s/m`, 404],
  [`${BASE}/namespaces/n/pods/*/m?labelSelector=a%20b`, 400],
  [`${BASE}/namespaces/n/pods/*/m?metricLabelSelector=a%3Db`, 400],
  [`${BASE}/namespaces/%zz/pods/*/m`, 400],
];
for (const [target, expected] of CASES) {
  test(`[R21] ${target} is ${expected}`, () => assert.equal(kind(target), expected));
}

test('[R21] only reading is served', () => {
  assert.equal(kind('/apis', 'POST'), 405);
});

test('[R21] no target makes it throw', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), fc.string(), (url, text) => {
      assert.ok(['string', 'number'].includes(typeof kind(url)));
      assert.ok(['string', 'number'].includes(typeof kind(`${BASE}/${text}`)));
    }),
  );
});
