/** `npm run tidy`: the style guide as a program. Prints what breaks it and exits 1, or one line when all is well. */
import { checkTree, RULE_COUNT } from './check-tree.ts';
import { describe } from './finding.ts';
import { readTree } from './read-tree.ts';
import { describeCoverage, measureCoverage } from './spec-coverage.ts';

const startedMs = process.hrtime.bigint();
const root = new URL('../..', import.meta.url).pathname;
const tree = readTree(root);
const coverage = measureCoverage(tree);
const findings = [...checkTree(tree), ...coverage.findings];
const elapsedMs = (process.hrtime.bigint() - startedMs) / 1_000_000n;

for (const finding of findings) console.log(describe(finding));
console.log(describeCoverage(coverage));
if (findings.length > 0) {
  console.log(`tidy: ${findings.length} findings in ${tree.sources.size} source files (${elapsedMs} ms)`);
  process.exitCode = 1;
} else {
  console.log(`tidy: ${tree.sources.size} source files keep ${RULE_COUNT} rules (${elapsedMs} ms)`);
}
