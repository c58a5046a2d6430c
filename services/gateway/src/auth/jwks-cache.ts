import { background, type Clock, SingleFlight, type Timer } from '@kittiwake/base';
import type { JwksConfig } from '../config/gateway-config.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Algorithm } from './algorithms.ts';
import { createFetchText, type FetchText } from './fetch-text.ts';
import { type PinnedKey, readKeySet, selectKeys } from './key-set.ts';
import type { KeySource } from './key-source.ts';

/** Times and sizes of a cached key set, milliseconds and bytes. */
export const JWKS_TIMES = {
  /** A set is fetched anew in the background. */
  refreshMs: 600_000,
  /** Between two fetches, whatever tokens ask for: a flood of unknown key ids is one fetch. */
  cooldownMs: 30_000,
  /** Until there is a first set, its server is asked again this soon. */
  firstRetryMs: 1_000,
  /** A fetch that takes longer is given up. */
  timeoutMs: 5_000,
  /** A set that could not be renewed is used this long: an outage of the key server refuses nobody for a day. */
  staleMs: 24 * 3_600_000,
  bytesMax: 262_144,
} as const;

/** What the cache needs. */
export type JwksCacheOptions = {
  readonly jwks: JwksConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly fetchText?: FetchText;
};

type Held =
  | { readonly phase: 'empty' }
  | {
      readonly phase: 'held';
      readonly keys: readonly PinnedKey[];
      readonly text: string;
      readonly fetchedAtMs: number;
    };

/** A remote key set: cached, one fetch at a time, renewed in the background, kept while its server is down (SPEC A4). */
export class JwksCache implements KeySource {
  readonly #options: JwksCacheOptions;
  readonly #fetchText: FetchText;
  readonly #flight = new SingleFlight<'set', void>();
  #held: Held = { phase: 'empty' };
  #lastAttemptAtMs = Number.NEGATIVE_INFINITY;
  #generation = 0;
  #timer: Timer | undefined;
  #abort: AbortController | undefined;
  #stopped = true;

  constructor(options: JwksCacheOptions) {
    this.#options = options;
    this.#fetchText = options.fetchText ?? createFetchText(JWKS_TIMES.bytesMax);
  }

  /** Fetches the set for the first time and keeps it fresh; resolves even where the server is down. */
  async start(): Promise<void> {
    if (!this.#stopped) return;
    this.#stopped = false;
    await this.refresh();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#abort?.abort();
    await this.#flight.run('set', () => Promise.resolve());
  }

  generation(): number {
    this.#keys();
    return this.#generation;
  }

  async find(algorithm: Algorithm, kid: string | undefined): Promise<readonly CryptoKey[]> {
    const found = selectKeys(this.#keys(), algorithm, kid);
    if (found.length > 0 || !this.#mayAsk()) return found;
    await this.refresh();
    return selectKeys(this.#keys(), algorithm, kid);
  }

  /** Fetches now, or joins the fetch under way. */
  refresh(): Promise<void> {
    return this.#flight.run('set', () => this.#fetch());
  }

  /** Whether to wait for the server: a fetch is under way, or the last one began a cooldown ago. */
  #mayAsk(): boolean {
    if (this.#stopped) return false;
    return (
      this.#flight.size > 0 ||
      this.#options.clock.monotonicMs() - this.#lastAttemptAtMs >= JWKS_TIMES.cooldownMs
    );
  }

  async #fetch(): Promise<void> {
    const { clock, jwks } = this.#options;
    this.#lastAttemptAtMs = clock.monotonicMs();
    const abort = new AbortController();
    this.#abort = abort;
    const deadline = clock.after(JWKS_TIMES.timeoutMs, () => abort.abort());
    const text = await this.#fetchText(jwks.url, abort.signal);
    deadline.cancel();
    if (this.#stopped) return;
    const keys = text.ok ? await readKeySet(text.value, jwks.algorithms) : text;
    if (this.#stopped) return;
    if (text.ok && keys.ok) this.#hold(keys.value, text.value);
    else this.#options.logger.warn('auth.jwks_failed', { reason: keys.ok ? '' : keys.error });
    this.#schedule(keys.ok ? JWKS_TIMES.refreshMs : this.#retryDelayMs());
  }

  #retryDelayMs(): number {
    return this.#held.phase === 'empty' ? JWKS_TIMES.firstRetryMs : JWKS_TIMES.cooldownMs;
  }

  #hold(keys: readonly PinnedKey[], text: string): void {
    const same = this.#held.phase === 'held' && this.#held.text === text;
    if (!same) this.#generation += 1;
    this.#held = { phase: 'held', keys, text, fetchedAtMs: this.#options.clock.monotonicMs() };
  }

  #schedule(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(delayMs, () =>
      background(this.refresh(), 'jwks-refresh', this.#onFailure),
    );
  }

  readonly #onFailure = (name: string): void =>
    this.#options.logger.error('auth.jwks_failed', { reason: name });

  #keys(): readonly PinnedKey[] {
    if (this.#held.phase === 'empty') return [];
    if (this.#options.clock.monotonicMs() - this.#held.fetchedAtMs <= JWKS_TIMES.staleMs)
      return this.#held.keys;
    this.#held = { phase: 'empty' };
    this.#generation += 1;
    return [];
  }
}
