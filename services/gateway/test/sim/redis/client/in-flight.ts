import type { Request } from '../server/request.ts';

/** What a connection waits for how long. */
export type InFlightLimits = {
  readonly commandMs: number;
  /** Without a byte while answers are due; `undefined` where silence is no sign. */
  readonly silenceMs: number | undefined;
};

/** Commands whose answers are due, in the order in which they were sent. */
export class InFlight {
  readonly #limits: InFlightLimits;
  #requests: Request[] = [];
  #first = 0;
  #silentSinceMs: number | undefined;

  constructor(limits: InFlightLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#first === this.#requests.length;
  }

  /** Adds what was just sent; gives the moment by which to look again. */
  add(request: Request): number {
    this.#requests.push(request);
    this.#silentSinceMs ??= request.sentAtMs;
    return request.sentAtMs + this.#limits.commandMs;
  }

  /** The command that the next answer belongs to. */
  shift(): Request | undefined {
    const request = this.#requests[this.#first];
    if (request === undefined) return undefined;
    this.#first += 1;
    if (this.#first === this.#requests.length) {
      this.#requests = [];
      this.#first = 0;
    }
    return request;
  }

  /** Something arrived. */
  heard(nowMs: number): void {
    this.#silentSinceMs = this.isEmpty ? undefined : nowMs;
  }

  /** Gives up waiting for commands whose time is over: their answers are still to come. */
  expire(nowMs: number): void {
    for (let index = this.#first; index < this.#requests.length; index += 1) {
      const request = this.#requests[index];
      if (request === undefined || request.sentAtMs + this.#limits.commandMs > nowMs) break;
      settle(request, new Error('Command timed out'));
    }
  }

  isSilent(nowMs: number): boolean {
    const { silenceMs } = this.#limits;
    return (
      silenceMs !== undefined && this.#silentSinceMs !== undefined && nowMs >= this.#silentSinceMs + silenceMs
    );
  }

  /** When to look again. */
  nextDeadlineMs(): number {
    const silence =
      (this.#silentSinceMs ?? Number.POSITIVE_INFINITY) +
      (this.#limits.silenceMs ?? Number.POSITIVE_INFINITY);
    for (let index = this.#first; index < this.#requests.length; index += 1) {
      const request = this.#requests[index];
      if (request?.settled === false) return Math.min(silence, request.sentAtMs + this.#limits.commandMs);
    }
    return silence;
  }

  /** The connection is gone: nothing is answered any more. */
  rejectAll(reason: Error): void {
    const requests = this.#requests.slice(this.#first);
    this.#requests = [];
    this.#first = 0;
    this.#silentSinceMs = undefined;
    for (const request of requests) settle(request, reason);
  }
}

/** Rejects a command that is still waited for. */
export function settle(request: Request, reason: Error): void {
  if (request.settled) return;
  request.settled = true;
  request.asker.reject(reason);
}
