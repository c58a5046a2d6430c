import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { redisUsers } from '../src/constructs/redis-config.ts';
import { at, environment, find, manifestsOf, specOf } from './synthesise.ts';

const manifests = manifestsOf(environment('local'));
const pod = at(specOf(manifests, 'StatefulSet', 'redis'), 'template', 'spec');
const container = at(pod, 'containers', 0);
const variable = (name: string): unknown =>
  at(container, 'env').find(entry => entry['name'] === name)?.['value'];

describe('the Redis tier', () => {
  test('[G7] announces one stable address per pod, reachable before the pod is Ready', () => {
    for (const name of ['redis-0', 'redis-1', 'redis-2', 'sentinel-0', 'sentinel-1', 'sentinel-2']) {
      const service = specOf(manifests, 'Service', name);
      assert.equal(at(service, 'selector', 'statefulset.kubernetes.io/pod-name'), name);
      assert.equal(service['publishNotReadyAddresses'], true);
    }
  });
  test('[G7] knows its peers by names that are not in a pod’s own hosts file', () => {
    assert.equal(variable('SELF'), '$(POD_NAME).kittiwake.svc:6379');
    assert.equal(
      variable('REDIS_PEERS'),
      'redis-0.kittiwake.svc:6379 redis-1.kittiwake.svc:6379 redis-2.kittiwake.svc:6379',
    );
  });
  test('[G7] hands over before a planned stop, within the grace period', () => {
    assert.deepEqual(at(container, 'lifecycle', 'preStop', 'exec', 'command'), [
      '/etc/kittiwake/scripts/redis-pre-stop.sh',
    ]);
    assert.ok(Number(pod['terminationGracePeriodSeconds']) > Number(variable('HANDOVER_SECONDS')));
  });
  test('[G7] refuses writes without a replica in touch, and keeps a log', () => {
    const config = find(manifests, 'ConfigMap', 'redis-settings').data?.['redis.conf'] ?? '';
    for (const line of [
      'min-replicas-to-write 1',
      'min-replicas-max-lag 2',
      'appendonly yes',
      'maxmemory-policy noeviction',
    ]) {
      assert.ok(config.includes(`${line}\n`), line);
    }
  });
  test('[G5] has no password in its settings: users have placeholders', () => {
    const users = find(manifests, 'ConfigMap', 'redis-settings').data?.['users.acl'] ?? '';
    assert.doesNotMatch(users, /[>#]/);
    assert.match(users, /^user default off resetpass /m);
  });
  test('[G7] gives its users exactly the rules that the gateway’s broker is tested with', () => {
    const page = readFileSync(
      new URL('../../services/gateway/src/broker/redis/ACL.md', import.meta.url),
      'utf8',
    );
    // Word by word, without the passwords.
    const rules = (text: string): readonly string[] =>
      [...text.matchAll(/^user .+$/gm)].map(([line]) =>
        line
          .split(' ')
          .filter(word => !/^[>@]/.test(word))
          .join(' '),
      );
    // Our scripts pause writes before a planned handover, and find the links of a Sentinel; no gateway can.
    const own = redisUsers().replace(' +client|list +client|pause +client|unpause', '');
    assert.deepEqual(rules(own), rules(page));
  });
  test('[G1] keeps its data with claims where the environment is persistent, and says what becomes of them', () => {
    const production = specOf(manifestsOf(environment('production')), 'StatefulSet', 'redis');
    assert.equal(at(production, 'volumeClaimTemplates', 0, 'metadata', 'name'), 'data');
    assert.deepEqual(at(production, 'persistentVolumeClaimRetentionPolicy'), {
      whenDeleted: 'Delete',
      whenScaled: 'Retain',
    });
    assert.equal('volumeClaimTemplates' in specOf(manifests, 'StatefulSet', 'redis'), false);
  });
});
