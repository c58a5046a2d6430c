import type { SimHost, SimLoop, SimNetwork } from '@kittiwake/testkit';

/** What a wire runs between. */
export type WireParts = {
  readonly loop: SimLoop;
  readonly network: SimNetwork;
  readonly from: SimHost;
  readonly to: SimHost;
};

/** Moments of arrival that have passed are forgotten in pieces of this size. */
const FORGET_AT = 64;

/**
 * What a primary sends to a replica, in order. No event happens when a unit arrives: whoever wants to know asks how many
 * have. That makes replication nearly free as long as nobody looks, which is nearly always.
 */
export class ReplicationWire {
  readonly #parts: WireParts;
  #arrivalsMs: number[] = [];
  #passed = 0;
  #arrived = 0;
  #heldUnits = 0;
  #heldEvents: (() => void)[] = [];
  #isHeld = false;
  #isStalled = false;
  #isOpen = true;
  #lastMs = 0;
  #lastEvent = -1;

  constructor(parts: WireParts) {
    this.#parts = parts;
  }

  /** Sends a unit. */
  send(): void {
    if (this.#holds()) this.#heldUnits += 1;
    else this.#arrivalsMs.push(this.#arrivalMs());
  }

  /** Sends word that is heard when it arrives, behind the units before it. */
  tell(work: () => void): void {
    if (this.#holds()) this.#heldEvents.push(work);
    else this.#deliver(work, this.#arrivalMs());
  }

  /** Nothing before `atMs` arrives any more: a copy is on the wire that takes so long. */
  occupyUntil(atMs: number): void {
    this.#lastMs = Math.max(this.#lastMs, atMs);
    this.#lastEvent = -1;
  }

  /** How many units have arrived by `atMs`. */
  arrivedBy(atMs: number): number {
    while (this.#passed < this.#arrivalsMs.length && (this.#arrivalsMs[this.#passed] ?? 0) <= atMs)
      this.#passed += 1;
    if (this.#passed < FORGET_AT) return this.#arrived + this.#passed;
    this.#arrivalsMs = this.#arrivalsMs.slice(this.#passed);
    this.#arrived += this.#passed;
    this.#passed = 0;
    return this.#arrived;
  }

  /** Holds everything that is sent from now on, though the way is open. */
  stall(isStalled: boolean): void {
    this.#isStalled = isStalled;
    this.#release();
  }

  /** The other end listens no more. */
  close(): void {
    this.#isOpen = false;
  }

  #holds(): boolean {
    if (this.#isHeld) return true;
    const { network, from, to } = this.#parts;
    const reaches = network.reaches(from.name, to.name);
    this.#isHeld = this.#isStalled || !reaches;
    if (!reaches) network.whenOpen(from.name, to.name, () => this.#release());
    return this.#isHeld;
  }

  #release(): void {
    if (!this.#isHeld || this.#isStalled) return;
    this.#isHeld = false;
    if (this.#holds()) return;
    const atMs = this.#arrivalMs();
    for (; this.#heldUnits > 0; this.#heldUnits -= 1) this.#arrivalsMs.push(atMs);
    for (const work of this.#heldEvents) this.#deliver(work, atMs);
    this.#heldEvents = [];
  }

  #deliver(work: () => void, atMs: number): void {
    const { loop, to } = this.#parts;
    loop.at(atMs, () => {
      if (this.#isOpen) to.deliver(() => this.#isOpen && work());
    });
  }

  #arrivalMs(): number {
    const { loop, network } = this.#parts;
    if (this.#lastEvent !== loop.events) {
      this.#lastEvent = loop.events;
      this.#lastMs = Math.max(this.#lastMs, loop.nowMs + network.latencyMs());
    }
    return this.#lastMs;
  }
}
