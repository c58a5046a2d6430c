import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Competitor, looseDaemons } from './system-slice.ts';

test('[V6] only what belongs to Kubernetes itself and competes by itself goes into the slice', () => {
  const all: readonly Competitor[] = [
    { pid: 1, name: 'systemd', group: '/' },
    { pid: 2, name: 'kubelet', group: '/' },
    { pid: 3, name: 'containerd-shim', group: '/' },
    { pid: 4, name: 'kubelet', group: '/kittiwake-system' },
    { pid: 5, name: 'node', group: '/kw-node-1/kubepods/burstable/pod1/c1' },
    { pid: 6, name: 'etcd', group: '/kw-node-1/kubepods/burstable/pod2/c1' },
    { pid: 7, name: 'traefik', group: '/' },
    { pid: 8, name: 'node', group: '/' },
  ];
  assert.deepEqual(looseDaemons(all), [2, 3]);
});
