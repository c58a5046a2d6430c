import { SCRIPTS, type ScriptName } from '../../../src/broker/redis/scripts.ts';
import { compileScript, type Script } from './keyspace/script-runner.ts';

/** The gateway's own scripts, compiled once per process. */
const COMPILED_SCRIPTS: ReadonlyMap<string, Script> = new Map(
  Object.entries(SCRIPTS).map(([name, source]) => [name, compileScript(name, source)]),
);

export function compiledScript(name: ScriptName): Script {
  const script = COMPILED_SCRIPTS.get(name);
  if (script === undefined) throw new Error(`there is no script ${name}`);
  return script;
}
