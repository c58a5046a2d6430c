import type { TLocalizedValidationError } from 'typebox/error';
import { Errors, type XSchema } from 'typebox/schema';
import { Settings } from 'typebox/system';
import { type ConfigProblem, pathOf, pathOfPointer } from './config-problem.ts';
import { didYouMean } from './did-you-mean.ts';

/** Problems that are listed for one document; a file with more is not read by people anyway. */
const PROBLEMS_MAX = 256;

/** Everything in `value` that does not fit `schema`, by path; unknown keys come with the nearest known one (F1, F2). */
export function schemaProblems(schema: XSchema, value: unknown, root = ''): readonly ConfigProblem[] {
  const before = Settings.Get().maxErrors;
  // The limit is global to the library; this is synchronous, so nobody else sees it changed.
  Settings.Set({ maxErrors: PROBLEMS_MAX });
  const [fits, errors] = Errors(schema, value);
  Settings.Set({ maxErrors: before });
  return fits ? [] : errors.flatMap(error => toProblems(error, schema, root));
}

function toProblems(
  error: TLocalizedValidationError,
  schema: XSchema,
  root: string,
): readonly ConfigProblem[] {
  const path = pathOfPointer(error.instancePath, root);
  switch (error.keyword) {
    case 'boolean':
      // The same finding as `additionalProperties`, which names the key.
      return [];
    case 'additionalProperties':
      return error.params.additionalProperties.map(key => ({
        path: pathOf(path, key),
        problem: `is not a setting${didYouMean(key, knownKeys(schema, error.schemaPath))}`,
      }));
    case 'required':
      return error.params.requiredProperties.map(key => ({ path: pathOf(path, key), problem: 'is missing' }));
    case 'enum':
      return [{ path, problem: `must be one of ${error.params.allowedValues.join(', ')}` }];
    case 'pattern':
      return [{ path, problem: describePattern(schema, error.schemaPath) }];
    default:
      return [{ path, problem: error.message }];
  }
}

function describePattern(schema: XSchema, pointer: string): string {
  const found = lookUp(schema, pointer)?.['description'];
  return `is not written as it must be${typeof found === 'string' ? `: ${found}` : ''}`;
}

function knownKeys(schema: XSchema, pointer: string): readonly string[] {
  const properties = lookUp(schema, pointer)?.['properties'];
  return isObject(properties) ? Object.keys(properties) : [];
}

function lookUp(schema: XSchema, pointer: string): { readonly [key: string]: unknown } | undefined {
  let here: unknown = schema;
  for (const part of pointer.replace(/^#/, '').split('/').slice(1)) {
    here = typeof here === 'object' && here !== null ? Reflect.get(here, part) : undefined;
  }
  return isObject(here) ? here : undefined;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
