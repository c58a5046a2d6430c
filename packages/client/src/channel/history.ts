import { err, ok, type Result } from '@kittiwake/base';
import type { Json, Position, Publication } from '@kittiwake/protocol';
import { type Failure, localFailure } from '../failure.ts';
import type { History } from '../typed-events.ts';
import { typed } from './deliveries.ts';

/** The event that asks a gateway for the newest publications of a channel (SPEC Q3). */
export const HISTORY_EVENT = 'kittiwake:history:list';

/** The answer as the application gets it. Its shape is checked; what it holds was checked when it was published. */
export function historyOf<Events>(data: Json): Result<History<Events>, Failure> {
  const { position, publications } = fieldsOf(data);
  if (isPosition(position) && Array.isArray(publications) && publications.every(isPublication))
    return ok({ position, publications: publications.map(typed<Events>) });
  return err(
    localFailure('unexpected_answer', 'the gateway answered with something that is no history', 'never'),
  );
}

function isPublication(value: unknown): value is Publication {
  const { event, position, atMs } = fieldsOf(value);
  return typeof event === 'string' && typeof atMs === 'number' && isPosition(position);
}

function isPosition(value: unknown): value is Position {
  const { offset, epoch } = fieldsOf(value);
  return typeof offset === 'number' && typeof epoch === 'string';
}

function fieldsOf(value: unknown): { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
