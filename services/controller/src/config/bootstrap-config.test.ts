import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBootstrapConfig } from './bootstrap-config.ts';

const JOB = { POD_NAMESPACE: 'kittiwake', JOB_NAME: 'bootstrap-1', KUBERNETES_SERVICE_HOST: '10.96.0.1' };

test('[R1] hosts are names, wildcards and addresses', () => {
  const config = readBootstrapConfig({
    ...JOB,
    KITTIWAKE_TLS_HOSTS: 'a.example, *.b.example,10.0.0.1,fd00::1',
  });
  assert.ok(config.ok);
  assert.deepEqual(config.value.tlsHosts, ['a.example', '*.b.example', '10.0.0.1', 'fd00::1']);
});

test('[R1] each host that is none is a problem', () => {
  const config = readBootstrapConfig({ ...JOB, KITTIWAKE_TLS_HOSTS: 'ok.example,https://x,-y' });
  assert.ok(!config.ok);
  assert.equal(config.error.length, 2);
});
