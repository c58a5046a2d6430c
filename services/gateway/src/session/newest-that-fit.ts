import type { Publication } from '@kittiwake/protocol';

/** The newest of `publications` that are at most `bytesMax` bytes of JSON together; the very newest in any case. */
export function newestThatFit(
  publications: readonly Publication[],
  bytesMax: number,
): readonly Publication[] {
  let bytes = 0;
  let first = publications.length;
  while (first > 0) {
    bytes += Buffer.byteLength(JSON.stringify(publications[first - 1]));
    if (bytes > bytesMax && first < publications.length) break;
    first -= 1;
  }
  return publications.slice(first);
}
