import { err, type Millis, ok, type Result } from '@kittiwake/base';
import { type Publish, type Ref, utf8Length } from '@kittiwake/protocol';
import type { Wire } from '../connection/wire.ts';
import { type Failure, localFailure } from '../failure.ts';
import type { EncodedPublish } from './publish-queue.ts';

/** A publish that may be repeated. */
export type KeyedPublish = Publish & { readonly key: string };

/** Encodes a publish, once; refuses what cannot be written, and what no gateway would take. */
export function encodePublish(
  message: KeyedPublish & { readonly ref: Ref },
  options: { readonly wire: Wire; readonly bytesMax: number; readonly timeoutMs: Millis | undefined },
): Result<EncodedPublish, Failure> {
  const { ref, key, channel } = message;
  const data = options.wire.encode(message);
  if (data === undefined)
    return err(localFailure('not_serializable', 'the data cannot be written as JSON', 'never'));
  const bytes = typeof data === 'string' ? utf8Length(data) : data.byteLength;
  if (bytes > options.bytesMax) {
    return err(localFailure('message_too_large', `${bytes} bytes, ${options.bytesMax} at most`, 'never'));
  }
  const bound = options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs };
  return ok({ ref, key, channel, data, bytes, ...bound });
}
