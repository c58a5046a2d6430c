import { err, ok, type Result } from '@kittiwake/base';
import { isEventName, type Json } from '@kittiwake/protocol';
import { Compile, type Validator, type XSchema } from 'typebox/schema';
import type { ChannelRule, SchemaViolation } from './channel-rule.ts';
import { type ConfigProblem, pathOf, pathOfPointer } from './config-problem.ts';
import { SCHEMA_OF_SCHEMAS } from './schema-of-schemas.ts';
import { schemaProblems } from './schema-problems.ts';

/** Checks the data of one event and version. */
type CheckData = (data: Json) => Result<void, SchemaViolation>;

/** Nesting of a configured schema. */
const SCHEMA_DEPTH_MAX = 64;
/** One value of each type, to see whether a schema comes to an end. */
const PROBES: readonly Json[] = [null, true, 0, '', [], {}, [0], { a: 0 }];

/**
 * Compiles the schemas of one pattern, keyed `event@version`, into the rule's `check`. With `strict`, an event without a
 * schema is a violation. Every problem of every schema is reported (F1).
 */
export function compileEventSchemas(
  schemas: { readonly [key: string]: unknown },
  options: { readonly strict: boolean; readonly path: string },
): Result<ChannelRule['check'], readonly ConfigProblem[]> {
  const checks = new Map<string, CheckData>();
  const problems: ConfigProblem[] = [];
  for (const [key, schema] of Object.entries(schemas)) {
    const path = pathOf(options.path, key);
    if (!isKey(key)) {
      problems.push({ path, problem: 'must be an event and its version, like chat:message:send@1' });
      continue;
    }
    const compiled = compileSchema(schema, path);
    if (compiled.ok) checks.set(key, compiled.value);
    else problems.push(...compiled.error);
  }
  if (problems.length > 0) return err(problems);
  return ok((event, version, data) => {
    const check = checks.get(`${event}@${version}`);
    if (check !== undefined) return check(data);
    return options.strict
      ? err({ path: 'event', problem: `has no schema for ${event}@${version} in this channel` })
      : ok();
  });
}

function isKey(key: string): boolean {
  const match = /^(.+)@([1-9][0-9]{0,4})$/.exec(key);
  return match !== null && isEventName(match[1] ?? '') && Number(match[2]) <= 65_535;
}

function compileSchema(schema: unknown, path: string): Result<CheckData, readonly ConfigProblem[]> {
  if (depthOf(schema) > SCHEMA_DEPTH_MAX)
    return err([{ path, problem: `is nested deeper than ${SCHEMA_DEPTH_MAX}` }]);
  const problems = [
    ...schemaProblems(SCHEMA_OF_SCHEMAS, schema, path),
    ...referenceProblems(schema, schema, path),
  ];
  if (problems.length > 0 || !isSchema(schema)) return err(problems);
  try {
    const validator = Compile(schema);
    for (const probe of PROBES) validator.Check(probe);
    return ok(data => checkData(validator, data));
  } catch (error) {
    const endless = error instanceof RangeError;
    return err([
      { path, problem: endless ? 'refers to itself without end' : `does not compile: ${messageOf(error)}` },
    ]);
  }
}

function checkData(validator: Validator, data: Json): Result<void, SchemaViolation> {
  try {
    if (validator.Check(data)) return ok();
    return err(toViolation(validator.Errors(data)[1]));
  } catch {
    return err({ path: 'data', problem: 'is nested deeper than its schema can follow' });
  }
}

function toViolation(errors: ReturnType<Validator['Errors']>[1]): SchemaViolation {
  const first = errors.find(error => error.keyword !== 'boolean') ?? errors[0];
  if (first === undefined) return { path: 'data', problem: 'does not fit its schema' };
  const path = pathOfPointer(first.instancePath, 'data');
  if (first.keyword === 'required')
    return { path: pathOf(path, first.params.requiredProperties[0] ?? ''), problem: 'is missing' };
  if (first.keyword === 'additionalProperties') {
    return {
      path: pathOf(path, first.params.additionalProperties[0] ?? '').slice(0, 200),
      problem: 'is not a field of this event',
    };
  }
  return { path: path.slice(0, 200), problem: first.message };
}

/** A `$ref` that leads nowhere would refuse all data, or none. */
function referenceProblems(node: unknown, root: unknown, path: string): readonly ConfigProblem[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const here = pathOf(path, Array.isArray(node) ? Number(key) : key);
    if (key === 'enum' || key === 'const' || key === 'default' || key === 'examples') return [];
    if (key !== '$ref' || typeof value !== 'string') return referenceProblems(value, root, here);
    return resolves(value, root) ? [] : [{ path: here, problem: `leads nowhere: ${value.slice(0, 100)}` }];
  });
}

function resolves(reference: string, root: unknown): boolean {
  let node: unknown = root;
  for (const part of reference.slice(1).split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return false;
    node = Reflect.get(node, key);
  }
  return isSchema(node);
}

function isSchema(value: unknown): value is XSchema {
  return typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value));
}

function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > SCHEMA_DEPTH_MAX) return depth;
  return Math.max(depth, ...Object.values(value).map(child => depthOf(child, depth + 1)));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : 'unknown reason';
}
