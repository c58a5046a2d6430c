/** `npm run spec:coverage`: lists the rules of SPEC.md that no test cites. */
import { readTree } from './read-tree.ts';
import { describeCoverage, measureCoverage } from './spec-coverage.ts';

const coverage = measureCoverage(readTree(new URL('../..', import.meta.url).pathname));
for (const id of coverage.untested) console.log(id);
console.log(describeCoverage(coverage));
