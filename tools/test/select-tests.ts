/** Which tests a run takes. What a test needs is the part of its file's name before `.test.ts`: `x.redis.test.ts`. */
export type Selection = 'unit' | 'all' | 'cluster';

/** Needs that tests may name; a test without one needs nothing but Node. */
const NEEDS = ['redis', 'browser', 'promtool', 'kube'] as const;

/** The test files of a selection, in a stable order: those that take longest first, so that two cores end together. */
export function selectTests(files: readonly string[], selection: Selection): readonly string[] {
  const tests = files.filter(file => file.endsWith('.test.ts')).toSorted();
  const needing = (need: string): readonly string[] => tests.filter(file => needOf(file) === need);
  switch (selection) {
    case 'unit':
      return tests.filter(file => needOf(file) === undefined && !isProcessTest(file));
    case 'cluster':
      return needing('kube');
    case 'all':
      return [
        ...needing('redis'),
        ...needing('browser'),
        ...needing('promtool'),
        ...tests.filter(file => needOf(file) === undefined),
      ];
  }
}

function needOf(file: string): string | undefined {
  const need = /\.([a-z]+)\.test\.ts$/.exec(file)?.[1];
  return NEEDS.find(known => known === need);
}

/** Tests of whole processes and of generated trees: too slow for a check before each commit. */
function isProcessTest(file: string): boolean {
  return file.includes('.process.test.ts') || file.includes('.contract.test.ts');
}
