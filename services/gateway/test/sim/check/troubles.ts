import type { SimLoop } from '@kittiwake/testkit';

/** Which machines something is being done to, and since when nothing is: nobody is blamed for what the world does to it. */
export class Troubles {
  readonly #loop: SimLoop;
  readonly #active = new Map<string, number>();
  readonly #endedMs = new Map<string, number>();

  constructor(loop: SimLoop) {
    this.#loop = loop;
  }

  begin(machines: readonly string[]): void {
    for (const machine of machines) this.#active.set(machine, (this.#active.get(machine) ?? 0) + 1);
  }

  end(machines: readonly string[]): void {
    for (const machine of machines) {
      this.#active.set(machine, (this.#active.get(machine) ?? 1) - 1);
      this.#endedMs.set(machine, this.#loop.nowMs);
    }
  }

  /** Since when all of these machines have been left alone; now where one of them is not. */
  calmSinceMs(machines: readonly string[]): number {
    let sinceMs = 0;
    for (const machine of machines) {
      if ((this.#active.get(machine) ?? 0) > 0) return this.#loop.nowMs;
      sinceMs = Math.max(sinceMs, this.#endedMs.get(machine) ?? 0);
    }
    return sinceMs;
  }
}
