import type { Finding } from './finding.ts';
import type { Tree } from './tree.ts';

const SPEC = 'packages/protocol/SPEC.md';

/** Share of the rules that must have a test, in percent. It only goes up. */
export const COVERAGE_FLOOR_PERCENT = 60;

/** A test's name that begins with the field `rule` of a case. */
const FROM_TABLE = /`\[\$\{(?:\w+\.)?rule\}\] /;

/** How much of SPEC.md is shown by tests. */
export type Coverage = {
  readonly rules: readonly string[];
  /** Rules that no test's name cites. */
  readonly untested: readonly string[];
  readonly findings: readonly Finding[];
};

/** Compares the rules of SPEC.md with what tests and comments cite. */
export function measureCoverage(tree: Tree): Coverage {
  const rules = [...(tree.texts.get(SPEC) ?? '').matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map(
    match => match[1] ?? '',
  );
  const cited = new Set<string>();
  const findings: Finding[] = [];
  for (const file of tree.sources.values()) {
    if (/\.test\.tsx?$/.test(file.path)) for (const id of citedByTests(file.text)) cited.add(id);
    findings.push(...unknownRules(file.path, file.text, new Set(rules)));
  }
  const untested = rules.filter(id => !cited.has(id));
  const percent = percentOf(rules.length - untested.length, rules.length);
  if (percent < COVERAGE_FLOOR_PERCENT) {
    const message = `tests show ${percent} % of the rules, at least ${COVERAGE_FLOOR_PERCENT} %`;
    findings.push({ path: SPEC, line: 1, rule: 'spec-coverage', message });
  }
  return { rules, untested, findings };
}

/** One line for people. */
export function describeCoverage({ rules, untested }: Coverage): string {
  const tested = rules.length - untested.length;
  const list = untested.length === 0 ? '' : `; without a test: ${untested.join(' ')}`;
  return `spec: ${tested} of ${rules.length} rules have a test (${percentOf(tested, rules.length)} %)${list}`;
}

/** Ids in the brackets that a test's name begins with; where the name takes them from a table of cases, the ids of the table. */
function* citedByTests(text: string): Generator<string> {
  for (const match of text.matchAll(/['"`]((?:\[[A-Z]\d+(?:, [A-Z]\d+)*\])+) /g)) {
    for (const id of (match[1] ?? '').matchAll(/[A-Z]\d+/g)) yield id[0];
  }
  if (!FROM_TABLE.test(text)) return;
  for (const match of text.matchAll(/\brule: '([A-Z]\d+)'/g)) yield match[1] ?? '';
}

/** A comment that cites `SPEC X9` cites a rule that exists. */
function* unknownRules(path: string, text: string, rules: ReadonlySet<string>): Generator<Finding> {
  if (path.startsWith('tools/')) return;
  for (const match of text.matchAll(/SPEC ([A-Z]\d+)/g)) {
    const id = match[1] ?? '';
    if (rules.has(id)) continue;
    const line = text.slice(0, match.index).split('\n').length;
    yield { path, line, rule: 'spec-rule', message: `SPEC.md has no rule ${id}` };
  }
}

function percentOf(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.floor((part * 100) / whole);
}
