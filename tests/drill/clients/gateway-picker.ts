import { type Random, randomInt } from '@kittiwake/base';

/** Knows the gateways, as an ingress does: new connections go to one after the other. */
export class GatewayPicker {
  readonly #random: Random;
  #ports: readonly number[] = [];
  #next = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The gateways that there are from now on. */
  use(ports: readonly number[]): void {
    this.#ports = ports;
    this.#next = ports.length === 0 ? 0 : randomInt(this.#random, ports.length);
  }

  /** All of them, the one whose turn it is first. */
  candidates(): readonly number[] {
    const { length } = this.#ports;
    if (length === 0) return [];
    const first = this.#next;
    this.#next = (first + 1) % length;
    return [...this.#ports.slice(first), ...this.#ports.slice(0, first)];
  }
}
