import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';

const MICROSECONDS = 1_000_000;
const MILLISECONDS = 1_000;
const KINDS: ReadonlyMap<number, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

/** What is told of the process, by the names of the catalogue's `RUNTIME_METRICS`. */
export type RuntimeRecorder = {
  count(name: string, n: number): void;
  set(name: string, value: number): void;
  observe(name: string, value: number, labels: { readonly kind: string }): void;
};

/**
 * Follows the pauses of the garbage collector from here on, as long as the process lives; the returned function reads
 * everything else, which is to be done at each scrape. The defaults of the library for metrics cost a gateway more than all else
 * that it tells: they list every open socket three times a scrape, and wake the process ten times a second.
 */
export function recordRuntime(recorder: RuntimeRecorder): () => void {
  new PerformanceObserver(list => {
    for (const entry of list.getEntries())
      recorder.observe('nodejs_gc_duration_seconds', entry.duration / MILLISECONDS, { kind: kindOf(entry) });
  }).observe({ entryTypes: ['gc'] });
  let counted = 0;
  return () => {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    recorder.count('process_cpu_seconds_total', (user + system - counted) / MICROSECONDS);
    counted = user + system;
    recorder.set('process_resident_memory_bytes', rss);
    recorder.set('nodejs_heap_size_used_bytes', heapUsed);
    recorder.set('nodejs_external_memory_bytes', external);
  };
}

/** Node's types leave out what an entry of kind "gc" has. */
function kindOf(entry: PerformanceEntry & { readonly detail?: { readonly kind?: number } }): string {
  return KINDS.get(entry.detail?.kind ?? Number.NaN) ?? 'other';
}
