import {
  assertNever,
  background,
  type Clock,
  every,
  type FailureSink,
  fullJitter,
  type Random,
  type Result,
  type Timer,
} from '@kittiwake/base';
import {
  FIRST_STEP,
  type InformerEffect,
  type InformerEvent,
  type InformerState,
  type InformerStep,
  type RelistReason,
} from './informer-state.ts';
import { informerTransition } from './informer-transition.ts';
import type { KubeError } from './kube-error.ts';

/** One thing that happened to a watched object, or a bookmark, which only moves the version. */
export type WatchEvent<T> =
  | { readonly kind: 'put'; readonly object: T; readonly version: string }
  | { readonly kind: 'removed'; readonly object: T; readonly version: string }
  | { readonly kind: 'bookmark'; readonly version: string };

/** Told about a watch: events, then exactly one end (`undefined`: in good order). */
export type WatchHandler<T> = {
  event(event: WatchEvent<T>): void;
  ended(error: KubeError | undefined): void;
};

/** What an informer lists and watches. */
export type ListWatch<T> = {
  list(): Promise<Result<{ readonly items: readonly T[]; readonly version: string }, KubeError>>;
  watch(version: string, handler: WatchHandler<T>): Promise<{ close(): void }>;
};

/** What an informer is made of; `key` tells objects apart. */
export type InformerParts<T> = {
  readonly clock: Clock;
  readonly random: Random;
  readonly source: ListWatch<T>;
  readonly key: (object: T) => string;
  readonly onChange: () => void;
  readonly onRelist: (reason: RelistReason) => void;
  readonly onFailure: FailureSink;
};

const BACKOFF = { baseMs: 500, capMs: 30_000 };
const BREATH_MS = 200;
const CHECK_PERIOD_MS = 10_000;

/** Keeps a copy of a set of objects: lists, watches, and does not believe a watch that has gone quiet. */
export class Informer<T> {
  readonly #parts: InformerParts<T>;
  readonly #objects = new Map<string, T>();
  #state: InformerState = { phase: 'stopped' };
  #hasListed = false;
  /** Answers of an earlier list or watch carry an older number and are dropped. */
  #generation = 0;
  #watch: { close(): void } | undefined;
  #check: Timer | undefined;
  #retry: Timer | undefined;

  constructor(parts: InformerParts<T>) {
    this.#parts = parts;
  }

  /** The objects as last seen. */
  get objects(): ReadonlyMap<string, T> {
    return this.#objects;
  }

  /** Whether a list has succeeded since the start. */
  get hasListed(): boolean {
    return this.#hasListed;
  }

  start(): void {
    if (this.#check !== undefined) return;
    this.#check = every(this.#parts.clock, CHECK_PERIOD_MS, () => this.#feed({ kind: 'check' }));
    this.#enter(FIRST_STEP);
  }

  stop(): void {
    this.#check?.cancel();
    this.#retry?.cancel();
    this.#feed({ kind: 'stop' });
  }

  #feed(event: InformerEvent): void {
    this.#enter(informerTransition(this.#state, event, this.#parts.clock.monotonicMs()));
  }

  #enter(step: InformerStep): void {
    this.#state = step.state;
    for (const effect of step.effects) this.#perform(effect);
  }

  #perform(effect: InformerEffect): void {
    const { clock, random, onFailure, onRelist } = this.#parts;
    switch (effect.kind) {
      case 'list':
        onRelist(effect.reason);
        background(this.#list(), 'informer.list', onFailure);
        return;
      case 'watch':
        background(this.#open(effect.version), 'informer.watch', onFailure);
        return;
      case 'close-watch':
        this.#generation += 1;
        this.#watch?.close();
        this.#watch = undefined;
        return;
      case 'wait': {
        const waitMs =
          effect.failures === 0 ? BREATH_MS : BREATH_MS + fullJitter(BACKOFF, effect.failures, random);
        this.#retry = clock.after(waitMs, () => this.#feed({ kind: 'retry' }));
        return;
      }
      default:
        assertNever(effect);
    }
  }

  async #list(): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    const listed = await this.#parts.source.list();
    if (generation !== this.#generation) return;
    if (!listed.ok) return this.#feed({ kind: listed.error.kind === 'gone' ? 'expired' : 'failed' });
    this.#objects.clear();
    for (const object of listed.value.items) this.#objects.set(this.#parts.key(object), object);
    this.#hasListed = true;
    this.#parts.onChange();
    this.#feed({ kind: 'listed', version: listed.value.version });
  }

  async #open(version: string): Promise<void> {
    this.#generation += 1;
    const generation = this.#generation;
    const watch = await this.#parts.source.watch(version, {
      event: event => {
        if (generation === this.#generation) this.#take(event);
      },
      ended: error => {
        if (generation === this.#generation)
          this.#feed(
            error === undefined ? { kind: 'ended' } : { kind: error.kind === 'gone' ? 'expired' : 'failed' },
          );
      },
    });
    // While the watch was being opened it may have ended, or the informer may have stopped: then it is nobody's.
    if (generation === this.#generation) this.#watch = watch;
    else watch.close();
  }

  #take(event: WatchEvent<T>): void {
    if (event.kind === 'put') this.#objects.set(this.#parts.key(event.object), event.object);
    if (event.kind === 'removed') this.#objects.delete(this.#parts.key(event.object));
    this.#feed({ kind: 'seen', version: event.version });
    if (event.kind !== 'bookmark') this.#parts.onChange();
  }
}
