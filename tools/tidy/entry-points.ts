/** Files that something outside the source starts: npm scripts, package exports, k6, workers, bundlers. */
const ENTRY_POINTS: readonly RegExp[] = [
  /(^|\/)main\.tsx?$/,
  /(^|\/)scripts\/[^/]+\.ts$/,
  /^packages\/[^/]+\/src\/index\.tsx?$/,
  /^packages\/protocol\/src\/msgpack\.ts$/,
  /^packages\/testkit\/src\//,
  /^load-tests\/scenarios\/[^/]+\.ts$/,
  /^(tools|infra)\/.*\/(up|down|reset|spec-coverage-main)\.ts$/,
  /\.config\.ts$/,
];

/** Whether `path` is started, not imported. */
export function isEntryPoint(path: string): boolean {
  return ENTRY_POINTS.some(pattern => pattern.test(path));
}
