import type { Catalog } from './metric.ts';

/** What is told of the process itself, and the boards draw; names and kinds are those that Prometheus clients for Node use. */
export const RUNTIME_METRICS = {
  process_cpu_seconds_total: {
    kind: 'counter',
    labels: [],
    help: 'CPU time of the process, user and system.',
  },
  process_resident_memory_bytes: { kind: 'gauge', labels: [], help: 'Resident memory of the process.' },
  nodejs_heap_size_used_bytes: { kind: 'gauge', labels: [], help: 'Bytes of the V8 heap in use.' },
  nodejs_external_memory_bytes: {
    kind: 'gauge',
    labels: [],
    help: 'Bytes outside of the V8 heap that belong to its objects.',
  },
  nodejs_gc_duration_seconds: {
    kind: 'histogram',
    labels: ['kind'],
    buckets: [0.001, 0.01, 0.1, 1, 2, 5],
    help: 'Pauses of the garbage collector.',
  },
} as const satisfies Catalog;
