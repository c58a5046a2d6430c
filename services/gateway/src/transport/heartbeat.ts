import { assert, type Clock, type Millis, type Random, randomInt, type Timer } from '@kittiwake/base';

/** Something that is pinged, and given up when it does not answer. Neither method throws. */
export type Heartbeating = {
  ping(): void;
  /** Nothing was heard in time; the heartbeat has forgotten it already. */
  timedOut(): void;
};

type Entry = { readonly handle: Heartbeating; slot: number; deadlineSlot: number | undefined };

/** Ticks of the wheel in a ping interval: how finely pings are spread, and how exact time-outs are. */
const TICKS = { min: 10, max: 50 };
/** Nobody needs to be woken more often, unless the interval is very short. */
const TICK_MIN_MS: Millis = 500;
const NOBODY: readonly Entry[] = [];

/**
 * Pings everybody with one timer (rule S8). A wheel of slots turns once per `intervalMs`; each handle has a slot, the
 * first at random, so that those who came together are not pinged together. Time is counted in turns of the wheel, not
 * by the clock: after a stall of the process the pongs that wait in the sockets are read before anybody is given up.
 * While nobody owes an answer the timer skips slots in which nobody is, and while nobody is there it stands still.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #ticks: number;
  readonly #tickMs: Millis;
  readonly #timeoutTicks: number;
  readonly #entries = new Map<Heartbeating, Entry>();
  readonly #pings: Set<Entry>[];
  readonly #deadlines: Set<Entry>[];
  #now = 0;
  #answersDue = 0;
  #phase: 'stopped' | 'waiting' | 'ticking' = 'stopped';
  /** The timer that waits, when its first tick began, and how many ticks come with it; `undefined` while nobody is there. */
  #armed: { readonly timer: Timer; readonly sinceMs: Millis; readonly ticks: number } | undefined;

  constructor(options: {
    readonly clock: Clock;
    readonly random: Random;
    readonly intervalMs: Millis;
    readonly timeoutMs: Millis;
  }) {
    assert(options.timeoutMs <= options.intervalMs, 'a ping times out before the next one');
    this.#clock = options.clock;
    this.#random = options.random;
    this.#ticks = clamp(Math.floor(options.intervalMs / TICK_MIN_MS), TICKS);
    this.#tickMs = options.intervalMs / this.#ticks;
    this.#timeoutTicks = Math.max(1, Math.ceil(options.timeoutMs / this.#tickMs));
    const slots = (): Set<Entry>[] => Array.from({ length: this.#ticks + 1 }, () => new Set());
    this.#pings = slots().slice(1);
    this.#deadlines = slots();
  }

  start(): void {
    if (this.#phase !== 'stopped') return;
    this.#phase = 'waiting';
    this.#arm();
  }

  stop(): void {
    this.#phase = 'stopped';
    this.#armed?.timer.cancel();
    this.#armed = undefined;
  }

  /** Pings `handle` once per interval from now on; a second call does nothing. */
  add(handle: Heartbeating): void {
    if (this.#entries.has(handle)) return;
    const tickAgeMs = this.#wake();
    const slot = (this.#now + 1 + randomInt(this.#random, this.#ticks)) % this.#ticks;
    const entry = { handle, slot, deadlineSlot: undefined };
    this.#entries.set(handle, entry);
    this.#slot(this.#pings, slot).add(entry);
    this.#arm(tickAgeMs);
  }

  /** Something arrived: the deadline of the last ping is met. Cheap enough for every message. */
  heard(handle: Heartbeating): void {
    const entry = this.#entries.get(handle);
    if (entry?.deadlineSlot !== undefined) this.#meetDeadline(entry, entry.deadlineSlot);
  }

  /** Forgets `handle`; one that is unknown is no mistake. */
  remove(handle: Heartbeating): void {
    const entry = this.#entries.get(handle);
    if (entry === undefined) return;
    this.#entries.delete(handle);
    this.#slot(this.#pings, entry.slot).delete(entry);
    if (entry.deadlineSlot !== undefined) this.#meetDeadline(entry, entry.deadlineSlot);
  }

  /** Handles that are pinged. */
  get size(): number {
    return this.#entries.size;
  }

  /** Waits for the next tick that matters, unless it does already. */
  #arm(tickAgeMs: Millis = 0): void {
    if (this.#phase !== 'waiting' || this.#armed !== undefined) return;
    const ticks = this.#ticksToNext();
    if (ticks === undefined) return;
    const timer = this.#clock.after(ticks * this.#tickMs - tickAgeMs, () => this.#come(ticks));
    this.#armed = { timer, sinceMs: this.#clock.monotonicMs() - tickAgeMs, ticks };
  }

  #come(ticks: number): void {
    this.#armed = undefined;
    this.#now += ticks;
    this.#phase = 'ticking';
    this.#tick();
    if (this.#phase !== 'ticking') return;
    this.#phase = 'waiting';
    this.#arm();
  }

  /** Time-outs are counted tick by tick; pings can be waited for. `undefined` where there is nobody. */
  #ticksToNext(): number | undefined {
    if (this.#entries.size === 0) return undefined;
    if (this.#answersDue > 0) return 1;
    let ticks = 1;
    while (this.#slot(this.#pings, (this.#now + ticks) % this.#ticks).size === 0) ticks += 1;
    return ticks;
  }

  /**
   * Ends a wait for more than one tick, as somebody is added whose ping may be due before. Whole ticks of it count; gives
   * how old the one under way is.
   */
  #wake(): Millis {
    if (this.#armed === undefined || this.#armed.ticks === 1) return 0;
    const { timer, sinceMs, ticks } = this.#armed;
    timer.cancel();
    this.#armed = undefined;
    const ageMs = Math.min(this.#clock.monotonicMs() - sinceMs, ticks * this.#tickMs);
    const passed = Math.min(Math.floor(ageMs / this.#tickMs), ticks - 1);
    this.#now += passed;
    return ageMs - passed * this.#tickMs;
  }

  #tick(): void {
    for (const entry of this.#due(this.#deadlines)) {
      this.remove(entry.handle);
      entry.handle.timedOut();
    }
    for (const entry of this.#due(this.#pings)) {
      if (!this.#entries.has(entry.handle)) continue;
      this.#setDeadline(entry);
      entry.handle.ping();
    }
  }

  /** Whose turn it is now. A copy: handles may be added and removed meanwhile. */
  #due(wheel: readonly Set<Entry>[]): readonly Entry[] {
    const slot = this.#slot(wheel, this.#now % wheel.length);
    return slot.size === 0 ? NOBODY : [...slot];
  }

  #setDeadline(entry: Entry): void {
    if (entry.deadlineSlot !== undefined) this.#meetDeadline(entry, entry.deadlineSlot);
    entry.deadlineSlot = (this.#now + this.#timeoutTicks) % this.#deadlines.length;
    this.#slot(this.#deadlines, entry.deadlineSlot).add(entry);
    this.#answersDue += 1;
  }

  #meetDeadline(entry: Entry, slot: number): void {
    this.#slot(this.#deadlines, slot).delete(entry);
    this.#answersDue -= 1;
    entry.deadlineSlot = undefined;
  }

  #slot(wheel: readonly Set<Entry>[], index: number): Set<Entry> {
    const slot = wheel[index];
    assert(slot !== undefined, 'a slot is within its wheel');
    return slot;
  }
}

function clamp(value: number, { min, max }: { readonly min: number; readonly max: number }): number {
  return Math.min(max, Math.max(min, value));
}
