import { err, type Result } from '@kittiwake/base';
import type { ErrorKind, Json } from '@kittiwake/protocol';
import type { Static, TObject } from 'typebox';
import { Compile } from 'typebox/compile';
import { schemaProblems } from '../config/schema-problems.ts';
import type { BackendFailure, BackendPort } from './backend-port.ts';

/** What comes with a request besides its body. */
export type CallContext = {
  readonly port: BackendPort;
  readonly key?: string;
  readonly traceparent?: string;
};

/** One operation of the API: its route, its documentation and what it does, in one place (H4). */
export type Operation = {
  readonly id: string;
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  /** Absent where there is no body. */
  readonly request: TObject | undefined;
  readonly response: TObject;
  /** Status of a success. */
  readonly status: 200 | 202;
  /** Kinds of error of its own, besides those of every request. */
  readonly errors: readonly ErrorKind[];
  readonly idempotent: boolean;
  /** Checks the body and does it. Never throws. */
  run(body: Json, context: CallContext): Promise<Result<object, BackendFailure>>;
};

type Definition<B extends TObject, R extends TObject> = Omit<Operation, 'run' | 'request' | 'response'> & {
  readonly request: B;
  readonly response: R;
  run(body: Static<B>, context: CallContext): Promise<Result<object & Static<R>, BackendFailure>>;
};

/** Makes an operation whose body is checked against its own schema before it runs; the first problem is answered. */
export function operation<B extends TObject, R extends TObject>(definition: Definition<B, R>): Operation {
  const validator = Compile(definition.request);
  return {
    ...definition,
    async run(body, context) {
      if (!validator.Check(body)) return err(toViolation(definition.request, body));
      return definition.run(body as Static<B>, context);
    },
  };
}

function toViolation(schema: TObject, body: Json): BackendFailure {
  const [first] = schemaProblems(schema, body);
  const { path, problem } = first ?? { path: '', problem: 'does not fit' };
  return {
    kind: 'schema_violation',
    message: `The request ${path === '' ? 'body ' : ''}${problem}.`,
    path: path.slice(0, 200),
  };
}
