import type { Millis } from '@kittiwake/base';
import {
  type ChannelName,
  type EpochChain,
  extendChain,
  type Position,
  type Publication,
} from '@kittiwake/protocol';
import type { HistoryPage, HistoryQuery, PublishCommand } from '../broker.ts';
import { planResume } from '../resume-plan.ts';
import { MemoryProducers, type ProducerVerdict } from './memory-producers.ts';

type Kept = { readonly publication: Publication; readonly storedAtMs: Millis };
type Remembered = { readonly position: Position; readonly untilMs: Millis };

/** How long an idle channel's offsets are remembered; afterwards it begins anew, under a new epoch. */
const RETENTION_MS = 24 * 3_600_000;

/** One channel's history in memory. Times are those of the monotonic clock. */
export class MemoryLog {
  readonly #channel: ChannelName;
  readonly #kept: Kept[] = [];
  readonly #keys = new Map<string, Remembered>();
  readonly #producers = new MemoryProducers();
  #chain: EpochChain = [];
  #head: Position;
  #epoch: string;
  #ageMs: Millis = 0;
  #usedAtMs: Millis;

  constructor(channel: ChannelName, epoch: string, nowMs: Millis) {
    this.#channel = channel;
    this.#epoch = epoch;
    this.#head = { offset: 0, epoch };
    this.#usedAtMs = nowMs;
  }

  /** Whether the publish is the next one, was stored before, or is refused (SPEC P3, P8–P10). */
  judge({ producer, key, idempotencyMs }: PublishCommand, nowMs: Millis): ProducerVerdict {
    if (producer !== undefined) return this.#producers.judge(producer, nowMs, idempotencyMs);
    const found = key === undefined ? undefined : this.#keys.get(key);
    if (found === undefined || nowMs >= found.untilMs) return { kind: 'next' };
    return { kind: 'duplicate', position: found.position };
  }

  /** Stores an entry and returns the publication that it became. */
  append(command: PublishCommand, nowMs: Millis): Publication {
    const position = { offset: this.#head.offset + 1, epoch: this.#epoch };
    const publication: Publication = {
      type: 'publication',
      channel: this.#channel,
      ...command.entry,
      position,
    };
    this.#head = position;
    this.#chain = extendChain(this.#chain, position);
    this.#usedAtMs = nowMs;
    this.#ageMs = command.history.ageMs;
    if (command.history.size > 0) this.#kept.push({ publication, storedAtMs: nowMs });
    this.#kept.splice(0, Math.max(0, this.#kept.length - command.history.size));
    this.#remember(command, position, nowMs + command.idempotencyMs);
    return publication;
  }

  read(query: HistoryQuery, nowMs: Millis): HistoryPage {
    this.#dropAged(nowMs);
    const firstKept = this.#kept[0]?.publication.position.offset ?? this.#head.offset + 1;
    const plan = planResume(
      {
        chain: this.#chain,
        head: this.#head,
        firstKept,
        tailIsLive: this.#head.epoch === this.#epoch,
      },
      query,
    );
    const owed = this.#kept
      .slice(Math.max(0, plan.from - firstKept), Math.max(0, plan.to - firstKept + 1))
      .map(kept => kept.publication);
    const publications = withinBytes(owed, query);
    return { head: this.#head, chain: this.#chain, firstKept, resume: plan.resume, publications };
  }

  /** Forgets what is too old; true where nothing is left that anybody could ask for. */
  sweep(nowMs: Millis): boolean {
    this.#dropAged(nowMs);
    for (const [key, { untilMs }] of this.#keys) if (nowMs >= untilMs) this.#keys.delete(key);
    const hasProducers = !this.#producers.sweep(nowMs);
    if (hasProducers || this.#kept.length > 0 || this.#keys.size > 0) return false;
    return nowMs - this.#usedAtMs >= RETENTION_MS;
  }

  /** Loses the last `lost` entries, as a failover to a replica behind would, and goes on as another history. */
  failOver(epoch: string, lost: number): void {
    const offset = Math.max(0, this.#head.offset - lost);
    this.#epoch = epoch;
    this.#chain = this.#chain.filter(link => link.start <= offset);
    this.#head = { offset, epoch: this.#chain.at(-1)?.epoch ?? epoch };
    while ((this.#kept.at(-1)?.publication.position.offset ?? 0) > offset) this.#kept.pop();
    for (const [key, { position }] of this.#keys) if (position.offset > offset) this.#keys.delete(key);
    this.#producers.failOver(offset);
  }

  #remember({ key, producer }: PublishCommand, position: Position, untilMs: Millis): void {
    if (producer !== undefined) this.#producers.remember(producer, position, untilMs);
    else if (key !== undefined) this.#keys.set(key, { position, untilMs });
  }

  #dropAged(nowMs: Millis): void {
    const fresh = this.#kept.findIndex(kept => nowMs - kept.storedAtMs < this.#ageMs);
    this.#kept.splice(0, fresh === -1 ? this.#kept.length : fresh);
  }
}

/** What fits of what is owed: the newest where no position was given, else the oldest; one in any case. */
function withinBytes(
  owed: readonly Publication[],
  { since, bytesMax = Number.POSITIVE_INFINITY }: HistoryQuery,
): readonly Publication[] {
  if (bytesMax === Number.POSITIVE_INFINITY) return owed;
  const nearest = since === undefined ? owed.toReversed() : owed;
  let bytes = 0;
  const end = nearest.findIndex((publication, index) => {
    bytes += Buffer.byteLength(JSON.stringify(publication));
    return bytes > bytesMax && index > 0;
  });
  if (end === -1) return owed;
  return since === undefined ? owed.slice(-end) : owed.slice(0, end);
}
