import { type Clock, err, ok, type Result } from '@kittiwake/base';
import { numberAt, textAt } from '../decode/json-view.ts';
import type { LeaseRecord } from '../election/election-state.ts';
import type { LeaseFailure, LeaseStore } from '../election/elector.ts';
import type { KubeClient } from './kube-client.ts';
import type { KubeError } from './kube-error.ts';
import { ownLabels } from './own-labels.ts';

/** The Lease of the election (coordination.k8s.io/v1). Times are wall-clock texts for people; nobody compares clocks with them. */
export function createLeaseStore(
  client: KubeClient,
  clock: Clock,
  lease: { readonly namespace: string; readonly name: string },
): LeaseStore {
  const collection = `/apis/coordination.k8s.io/v1/namespaces/${lease.namespace}/leases`;
  const path = `${collection}/${lease.name}`;
  const write = async (
    method: 'POST' | 'PUT',
    wanted: Wanted,
  ): Promise<Result<LeaseRecord, LeaseFailure>> => {
    const body = toLease(lease, wanted, microTime(clock.nowMs()));
    const written = await client.call({ method, path: method === 'POST' ? collection : path, body });
    return written.ok ? ok(toRecord(written.value)) : err(toFailure(written.error));
  };
  return {
    async read() {
      const read = await client.call({ method: 'GET', path });
      if (read.ok) return ok(toRecord(read.value));
      return read.error.kind === 'not_found' ? ok(undefined) : err(toFailure(read.error));
    },
    create: (holder, durationMs) =>
      write('POST', { holder, durationMs, transitions: 0, version: undefined, acquireTime: undefined }),
    update: (over, next) => {
      const acquireTime = over.holder === next.holder ? over.acquireTime : undefined;
      return write('PUT', { ...next, version: over.version, acquireTime });
    },
  };
}

type Wanted = {
  readonly holder: string;
  readonly durationMs: number;
  readonly transitions: number;
  readonly version: string | undefined;
  readonly acquireTime: string | undefined;
};

function toLease(
  lease: { readonly namespace: string; readonly name: string },
  wanted: Wanted,
  time: string,
): unknown {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { ...lease, labels: ownLabels(), resourceVersion: wanted.version },
    spec: {
      holderIdentity: wanted.holder,
      leaseDurationSeconds: Math.round(wanted.durationMs / 1_000),
      acquireTime: wanted.acquireTime ?? time,
      renewTime: time,
      leaseTransitions: wanted.transitions,
    },
  };
}

function toRecord(lease: unknown): LeaseRecord {
  return {
    holder: textAt(lease, 'spec', 'holderIdentity') ?? '',
    durationMs: (numberAt(lease, 'spec', 'leaseDurationSeconds') ?? 0) * 1_000,
    renewTime: textAt(lease, 'spec', 'renewTime') ?? '',
    acquireTime: textAt(lease, 'spec', 'acquireTime') ?? '',
    transitions: numberAt(lease, 'spec', 'leaseTransitions') ?? 0,
    version: textAt(lease, 'metadata', 'resourceVersion') ?? '',
  };
}

function toFailure(error: KubeError): LeaseFailure {
  const isRace = error.kind === 'conflict' || error.kind === 'already_exists' || error.kind === 'not_found';
  return { kind: isRace ? 'lost-race' : 'failed', message: error.message };
}

/** A MicroTime: six digits after the second. */
function microTime(nowMs: number): string {
  return new Date(nowMs).toISOString().replace('Z', '000Z');
}
