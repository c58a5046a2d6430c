import { type Clock, type Millis, SingleFlight, type Timer } from '@kittiwake/base';
import type { Logger } from '../../../telemetry/logger.ts';
import { type Choice, choosePrimary, type Followed } from './primary-choice.ts';
import { isSame, type Primary, type Probe, type RedisAddress } from './probe.ts';

/** What a finder needs. */
export type PrimaryFinderDeps = {
  readonly sentinels: readonly RedisAddress[];
  readonly probe: Probe;
  readonly clock: Clock;
  readonly log: Logger;
};

/** A connection that the finder watches over. */
export type Follower = {
  /** Where it leads; `undefined` while there is none. */
  readonly address: RedisAddress | undefined;
  /** Another server took over: give the connection up, and make another one. */
  leave(): void;
};

/** How often everybody is asked: while all is well, and while nobody leads. */
const SURVEY_EVERY_MS = { usual: 250, troubled: 25 } as const;
/**
 * How long a survey waits for who does not answer: short, for what it hears must be true at one time, and a replica that
 * is promoted meanwhile is only seen by the next one. Doubled after one in which no Sentinel answered at all.
 */
const PATIENCE_MS = { first: 100, most: 1_600 } as const;
/** For how long an answer is good for whoever connects. */
const FRESH_MS: Millis = 100;

/** Knows which server leads, and tells those who are connected to another one (SPEC B12). */
export class PrimaryFinder {
  readonly #deps: PrimaryFinderDeps;
  readonly #surveys = new SingleFlight<'survey', Primary | undefined>();
  readonly #followers = new Set<Follower>();
  #followed: Followed = { now: undefined, before: undefined };
  #found: { readonly address: RedisAddress; readonly atMs: Millis } | undefined;
  #patienceMs: Millis = PATIENCE_MS.first;
  #timer: Timer | undefined;

  constructor(deps: PrimaryFinderDeps) {
    this.#deps = deps;
  }

  /** Watches over a connection, from before it is made until `unfollow`. */
  follow(follower: Follower): void {
    this.#followers.add(follower);
    if (this.#timer === undefined) this.#surveyIn(SURVEY_EVERY_MS.usual);
  }

  /** The last one out ends all questions. */
  unfollow(follower: Follower): void {
    this.#followers.delete(follower);
    if (this.#followers.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#deps.probe.close();
  }

  /** The server that leads, as it was found a moment ago or is found now; `undefined` where there is none. */
  async find(): Promise<RedisAddress | undefined> {
    const found = this.#found;
    if (found !== undefined && this.#deps.clock.monotonicMs() - found.atMs < FRESH_MS) return found.address;
    return (await this.#look())?.address;
  }

  #surveyIn(delayMs: Millis): void {
    this.#timer = this.#deps.clock.after(delayMs, () => {
      void this.#look().then(primary => {
        if (this.#timer === undefined) return;
        this.#surveyIn(primary === undefined ? SURVEY_EVERY_MS.troubled : SURVEY_EVERY_MS.usual);
      });
    });
  }

  /** Asks everybody at once. */
  #look(): Promise<Primary | undefined> {
    return this.#surveys.run('survey', async () => {
      const choice = await this.#survey(this.#patienceMs);
      if (choice !== undefined) this.#lead(choice.primary);
      else this.#found = undefined;
      return choice?.primary;
    });
  }

  #lead(primary: Primary): void {
    const { now } = this.#followed;
    const { address, replid } = primary;
    this.#found = { address, atMs: this.#deps.clock.monotonicMs() };
    if (now === undefined || !isSame(now.address, address)) {
      this.#followed = { now: primary, before: now };
      if (now !== undefined) this.#deps.log.warn('redis.primary_changed', { ...address, replid });
    } else if (now.replid !== replid) this.#followed = { ...this.#followed, now: primary };
    for (const follower of [...this.#followers]) {
      if (follower.address !== undefined && !isSame(follower.address, address)) follower.leave();
    }
  }

  /** Ends when all have answered, or their time is up; at once where an heir is found. */
  #survey(timeoutMs: Millis): Promise<Choice | undefined> {
    const { sentinels, probe } = this.#deps;
    const named: RedisAddress[] = [];
    const primaries: Primary[] = [];
    const asked: RedisAddress[] = [];
    let open = 0;
    return new Promise(resolve => {
      const settle = (): void => {
        const choice = choosePrimary({ sentinels: sentinels.length, named, primaries }, this.#followed);
        if (open > 0 && choice?.heir !== true) return;
        this.#patienceMs = named.length === 0 ? Math.min(2 * timeoutMs, PATIENCE_MS.most) : PATIENCE_MS.first;
        resolve(choice);
      };
      const ask = <T>(question: Promise<T | undefined>, heard: (answer: T) => void): void => {
        open += 1;
        void question.then(answer => {
          open -= 1;
          if (answer !== undefined) heard(answer);
          settle();
        });
      };
      const askServer = (address: RedisAddress): void => {
        if (asked.some(other => isSame(other, address))) return;
        asked.push(address);
        ask(probe.askServer(address, timeoutMs), primary => primaries.push(primary));
      };
      for (const sentinel of sentinels) {
        ask(probe.askSentinel(sentinel, timeoutMs), ({ primary, replicas }) => {
          named.push(primary);
          for (const address of [primary, ...replicas]) askServer(address);
        });
      }
      if (this.#followed.now !== undefined) askServer(this.#followed.now.address);
    });
  }
}
