import { type Random, randomInt } from '@kittiwake/base';

/** Where a gateway, or an ingress before many, takes connections. */
export type GatewayAddress = { readonly host: string; readonly port: number };

/** Knows the gateways, as an ingress does: new connections go to one after the other. */
export class GatewayPicker {
  readonly #random: Random;
  #addresses: readonly GatewayAddress[] = [];
  #next = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The gateways that there are from now on. */
  use(addresses: readonly GatewayAddress[]): void {
    this.#addresses = addresses;
    this.#next = addresses.length === 0 ? 0 : randomInt(this.#random, addresses.length);
  }

  /** All of them, the one whose turn it is first. */
  candidates(): readonly GatewayAddress[] {
    const { length } = this.#addresses;
    if (length === 0) return [];
    const first = this.#next;
    this.#next = (first + 1) % length;
    return [...this.#addresses.slice(first), ...this.#addresses.slice(0, first)];
  }
}
