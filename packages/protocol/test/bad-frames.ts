import { type CodecFailure, LIMITS, type WireData } from '../src/index.ts';

/** What a client sent, and the failure that it gets back. */
export type BadFrame = {
  readonly rule: string;
  readonly name: string;
  readonly data: WireData;
  readonly failure: Partial<CodecFailure>;
};

/** The failure of a message that cannot be read at `path`. */
export const malformedAt = (path: string): Partial<CodecFailure> => ({ kind: 'malformed', path });

/** A publish in JSON, with `data` as the given text. */
export const publish = (data: string): string =>
  `{"type":"publish","ref":3,"channel":"a","event":"b","data":${data}}`;

/** A publish in JSON of exactly so many bytes. */
export const padded = (bytes: number): string => publish(`"${'x'.repeat(bytes - publish('""').length)}"`);

/** Arrays in arrays. */
export const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** An object of so many keys. */
export const keys = (count: number): string =>
  `{${Array.from({ length: count }, (_, i) => `"k${i}":0`).join()}}`;

/** A publish in MessagePack, with `data` as the given bytes. */
export const packed = (data: string): Uint8Array =>
  Buffer.from(
    `85a474797065a77075626c697368a372656603a76368616e6e656ca161a56576656e74a162a464617461${data}`,
    'hex',
  );

/** Data at the very bounds, as JSON. */
export const WIDEST: readonly string[] = [
  nested(LIMITS.jsonDepthMax - 1),
  keys(LIMITS.objectKeysMax),
  `[${'0,'.repeat(LIMITS.arrayLengthMax - 1)}0]`,
];
