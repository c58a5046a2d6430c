import { type Bytes, type Millis, ok, type Result } from '@kittiwake/base';
import type { Ref } from '@kittiwake/protocol';
import type { Wire } from '../connection/wire.ts';
import type { Failure } from '../failure.ts';
import { encodePublish } from './encode-publish.ts';
import type { Entry } from './entry.ts';
import type { Lane } from './lane.ts';
import type { PublishMode } from './publisher-port.ts';
import type { StoredPublish } from './stored-publish.ts';

/** How a publish differs from others, its lane found. */
export type EntryMode = PublishMode & { readonly lane: Lane | undefined };

/** Makes the entry of a publish, of this life or an earlier one, encoded once; why it cannot be sent, if so. */
export function makeEntry(
  { message, order, atMs, number }: Omit<StoredPublish, 'republish'>,
  options: EntryMode & {
    readonly wire: Pick<Wire, 'encode'>;
    readonly nextRef: () => Ref;
    readonly bytesMax: () => Bytes;
    readonly giveUpAtMs: Millis;
  },
): Result<Entry, Failure> {
  const { wire, lane, timeoutMs, republish = false, giveUpAtMs } = options;
  const ref = options.nextRef();
  const encoded = encodePublish({ ...message, ref }, { wire, bytesMax: options.bytesMax(), lane });
  if (!encoded.ok) return encoded;
  return ok({
    ref,
    message,
    lane,
    republish,
    ...encoded.value,
    atMs,
    order,
    patient: timeoutMs !== undefined,
    phase: 'queued',
    number,
    doubted: false,
    kept: false,
    waited: false,
    alone: false,
    acksBefore: 0,
    giveUpAtMs,
    timer: undefined,
    tell: () => {},
    told: false,
    stoodAt: undefined,
  });
}
