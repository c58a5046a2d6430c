import { byteLength } from '../lua/lua-string.ts';
import { integerBytes, LISTPACK_BYTES, textBytes } from './listpack-size.ts';

/** An id of an entry: `<ms>-<seq>`. */
export type StreamId = { readonly ms: number; readonly seq: number };

/** An entry in the shape of a reply: id, then fields and values in turn. Nobody writes to it after it was made. */
export type StreamReply = [id: string, fields: string[]];

type StreamEntry = StreamId & { readonly reply: StreamReply };

/** One radix-tree node of the stream: what approximate trimming drops as a whole. */
type StreamNode = {
  readonly first: StreamId;
  readonly fields: readonly string[];
  live: number;
  deleted: number;
  bytes: number;
};

const NODE_BYTES_MAX = 4_096;
const NODE_ENTRIES_MAX = 100;

/** A stream as Redis 7 keeps it, its nodes included, since `MAXLEN ~` drops whole nodes only. */
export class StreamLog {
  #entries: StreamEntry[] = [];
  readonly #nodes: StreamNode[] = [];
  #last: StreamId = { ms: 0, seq: 0 };

  get length(): number {
    return this.#entries.length;
  }

  /** Adds an entry; false where its id is not after the last one that there ever was. */
  add(id: StreamId, reply: StreamReply): boolean {
    if (!isBefore(this.#last, id)) return false;
    this.#last = id;
    this.#entries.push({ ms: id.ms, seq: id.seq, reply });
    this.#place(id, reply[1]);
    return true;
  }

  /** At most `count` entries from `from` to `to`, both included, in the order of the stream or against it. */
  range(
    from: StreamId,
    to: StreamId,
    { count, reverse }: { readonly count: number; readonly reverse: boolean },
  ): StreamReply[] {
    const start = this.#indexFrom(from);
    const end = this.#indexFrom({ ms: to.ms, seq: to.seq + 1 });
    const found: StreamReply[] = [];
    for (let n = 0; n < count && start + n < end; n += 1) {
      const entry = this.#entries[reverse ? end - 1 - n : start + n];
      if (entry !== undefined) found.push(entry.reply);
    }
    return found;
  }

  /** `MAXLEN ~`: drops whole nodes from the beginning while at least `length` entries stay. */
  trimNodes(length: number): number {
    let dropped = 0;
    for (let node = this.#nodes[0]; node !== undefined; node = this.#nodes[0]) {
      if (this.#entries.length - dropped - node.live < length) break;
      dropped += node.live;
      this.#nodes.shift();
    }
    if (dropped > 0) this.#entries.splice(0, dropped);
    return dropped;
  }

  /** `MAXLEN =`: keeps the last `length` entries. */
  trimLength(length: number): number {
    return this.#dropFirst(Math.max(0, this.#entries.length - length));
  }

  /** `MINID =`: drops entries before `id`. */
  trimBefore(id: StreamId): number {
    return this.#dropFirst(this.#indexFrom(id));
  }

  #dropFirst(count: number): number {
    let left = count;
    for (let node = this.#nodes[0]; node !== undefined && left > 0; node = this.#nodes[0]) {
      if (node.live > left) {
        node.live -= left;
        node.deleted += left;
        break;
      }
      left -= node.live;
      this.#nodes.shift();
    }
    if (count > 0) this.#entries.splice(0, count);
    return count;
  }

  /** Index of the first entry that is not before `id`. */
  #indexFrom(id: StreamId): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.#entries[middle] ?? id, id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Puts the entry into the last node, or into a new one where that is full. */
  #place(id: StreamId, texts: readonly string[]): void {
    const lengths = texts.map(byteLength);
    let bytes = 0;
    for (const length of lengths) bytes += length;
    const tail = this.#nodes.at(-1);
    if (
      tail === undefined ||
      tail.bytes + bytes >= NODE_BYTES_MAX ||
      tail.live + tail.deleted >= NODE_ENTRIES_MAX
    ) {
      const node = newNode(id, texts, lengths);
      node.bytes += entryBytes(node, { id, texts, lengths });
      this.#nodes.push(node);
    } else {
      tail.bytes += entryBytes(tail, { id, texts, lengths });
      tail.live += 1;
    }
  }
}

type Placed = {
  readonly id: StreamId;
  readonly texts: readonly string[];
  readonly lengths: readonly number[];
};

function isBefore(a: StreamId, b: StreamId): boolean {
  return a.ms < b.ms || (a.ms === b.ms && a.seq < b.seq);
}

function newNode(first: StreamId, texts: readonly string[], lengths: readonly number[]): StreamNode {
  // Its first entry lists the fields; the counters of live and deleted ones never pass 100.
  let bytes = LISTPACK_BYTES + 3 * integerBytes(1) + integerBytes(0);
  for (let index = 0; index < texts.length; index += 2)
    bytes += textBytes(texts[index] ?? '', lengths[index] ?? 0);
  return { first, fields: fieldsOf(texts), live: 1, deleted: 0, bytes };
}

function entryBytes({ first, fields }: StreamNode, { id, texts, lengths }: Placed): number {
  const same = hasFields(texts, fields);
  // Flags, the distance to the node's first id, and how long the entry is.
  let bytes = 2 * integerBytes(1) + integerBytes(id.ms - first.ms) + integerBytes(id.seq - first.seq);
  if (!same) bytes += integerBytes(texts.length / 2);
  for (let index = same ? 1 : 0; index < texts.length; index += same ? 2 : 1)
    bytes += textBytes(texts[index] ?? '', lengths[index] ?? 0);
  return bytes;
}

function fieldsOf(texts: readonly string[]): readonly string[] {
  return texts.filter((_, index) => index % 2 === 0);
}

function hasFields(texts: readonly string[], fields: readonly string[]): boolean {
  if (texts.length !== 2 * fields.length) return false;
  for (let index = 0; index < fields.length; index += 1) if (texts[2 * index] !== fields[index]) return false;
  return true;
}
