import { type Bytes, err, ok, type Result } from '@kittiwake/base';
import { type Publish, type Ref, utf8Length, type WireData } from '@kittiwake/protocol';
import type { Wire } from '../connection/wire.ts';
import { type Failure, localFailure } from '../failure.ts';
import type { Lane, LaneNumber } from './lane.ts';

/** A publish that may be repeated. */
export type KeyedPublish = Publish & { readonly key: string };

/** Numbers as long as any: what is numbered later must not grow beyond what was measured. */
const LONGEST: LaneNumber = { sequence: Number.MAX_SAFE_INTEGER, follows: Number.MAX_SAFE_INTEGER };

/** Encodes a publish; refuses what cannot be written, and what no gateway would take. */
export function encodePublish(
  message: KeyedPublish & { readonly ref: Ref },
  options: { readonly wire: Pick<Wire, 'encode'>; readonly bytesMax: Bytes; readonly lane: Lane | undefined },
): Result<{ readonly data: WireData; readonly bytes: Bytes }, Failure> {
  const { lane, wire, bytesMax } = options;
  const data = wire.encode(lane === undefined ? message : numbered(message, lane, LONGEST));
  if (data === undefined)
    return err(localFailure('not_serializable', 'the data cannot be written as JSON', 'never'));
  const bytes = typeof data === 'string' ? utf8Length(data) : data.byteLength;
  if (bytes > bytesMax)
    return err(localFailure('message_too_large', `${bytes} bytes, ${bytesMax} at most`, 'never'));
  return ok({ data, bytes });
}

/** The publish under a number of its lane; an older gateway, which knows no numbers, stores it once by its key (SPEC P8). */
export function numbered<M extends Publish>(message: M, lane: Lane, number: LaneNumber): M {
  const { id, epoch } = lane.producer;
  return { ...message, key: `${id}/${epoch}/${number.sequence}`, producer: { id, epoch, ...number } };
}
