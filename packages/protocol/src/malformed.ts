import type { CodecFailure } from './codec.ts';

/** Longest path that is reported, in characters; paths may hold keys that the other side chose. */
const PATH_LENGTH_MAX = 200;

/** The failure of a message that cannot be read: `path` says where (empty for the whole), `problem` reads on from it. */
export function malformed(path: string, problem: string): CodecFailure {
  const where = printable(path);
  return { kind: 'malformed', message: `${where === '' ? 'The message' : where} ${problem}.`, path: where };
}

/** Makes a path safe to send and to log: printable ASCII, bounded. */
function printable(path: string): string {
  return path.slice(0, PATH_LENGTH_MAX).replace(/[^\x20-\x7e]/g, '?');
}
