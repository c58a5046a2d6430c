import * as Format from 'typebox/format';

/**
 * Which JSON Schemas events may have: the assertions of draft 2020-12 that are checked on every publish, and annotations.
 * A keyword that is not here is a problem, because a misspelt one would check nothing.
 */

const schema = { $ref: '#/$defs/schema' };
const schemas = { type: 'array', items: schema, minItems: 1, maxItems: 64 };
const named = { type: 'object', additionalProperties: schema, maxProperties: 256 };
const natural = { type: 'integer', minimum: 0 };
const number = { type: 'number' };
const text = { type: 'string', maxLength: 4_096 };
const typeName = { enum: ['null', 'boolean', 'object', 'array', 'number', 'integer', 'string'] };

/** Names of `format` that are checked. */
export const KNOWN_FORMATS: readonly string[] = Format.Entries().map(([name]) => name);

const KEYWORDS = {
  $schema: text,
  $id: text,
  $comment: text,
  $ref: {
    type: 'string',
    pattern: '^#(/.*)?$',
    maxLength: 512,
    description: 'A reference inside this schema, like #/$defs/point.',
  },
  $defs: named,
  title: text,
  description: text,
  default: true,
  examples: { type: 'array', maxItems: 64 },
  deprecated: { type: 'boolean' },
  type: {
    allOf: [
      { if: { type: 'array' }, else: typeName },
      { if: { not: { type: 'array' } }, else: { items: typeName, minItems: 1, uniqueItems: true } },
    ],
  },
  enum: { type: 'array', minItems: 1, maxItems: 1_000 },
  const: true,
  multipleOf: { type: 'number', exclusiveMinimum: 0 },
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  minLength: natural,
  maxLength: natural,
  pattern: { type: 'string', maxLength: 512 },
  format: { enum: KNOWN_FORMATS },
  properties: named,
  patternProperties: named,
  additionalProperties: schema,
  propertyNames: schema,
  required: { type: 'array', items: { type: 'string' }, uniqueItems: true, maxItems: 256 },
  minProperties: natural,
  maxProperties: natural,
  dependentRequired: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
  dependentSchemas: named,
  prefixItems: schemas,
  items: schema,
  contains: schema,
  minContains: natural,
  maxContains: natural,
  minItems: natural,
  maxItems: natural,
  uniqueItems: { type: 'boolean' },
  unevaluatedProperties: schema,
  unevaluatedItems: schema,
  allOf: schemas,
  anyOf: schemas,
  oneOf: schemas,
  not: schema,
  ...Object.fromEntries(['if', 'then', 'else'].map(keyword => [keyword, schema])),
};

/** The schema that every configured event schema must fit. */
export const SCHEMA_OF_SCHEMAS = {
  $ref: '#/$defs/schema',
  $defs: {
    schema: {
      if: { type: 'boolean' },
      else: { type: 'object', properties: KEYWORDS, additionalProperties: false },
    },
  },
};
