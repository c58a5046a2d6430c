/** One breach of a rule, at a place that an editor can open. Paths are relative to the repository and use `/`; lines count from 1. */
export type Finding = {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
};

/** One line for people and editors. */
export function describe(finding: Finding): string {
  return `${finding.path}:${finding.line} ${finding.rule} ${finding.message}`;
}

/** Orders findings by place. */
export function byPlace(a: Finding, b: Finding): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line;
}
