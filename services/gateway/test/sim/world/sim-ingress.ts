import type { Random } from '@kittiwake/base';
import type { SimLoop } from '@kittiwake/testkit';
import type { SimGateway } from './sim-gateway.ts';
import { between, pick } from './sim-random.ts';

/** How long endpoints take to follow the gateways. */
const LAG_MS = { min: 100, max: 1_500 };

/** Sends each dial to one of the gateways that it believes to be ready, at random; it learns late. */
export class SimIngress {
  readonly #loop: SimLoop;
  readonly #random: Random;
  #endpoints: readonly SimGateway[] = [];
  #announced = 0;
  /** The newest announcement that has come through. */
  #heard = 0;

  constructor(loop: SimLoop, random: Random) {
    this.#loop = loop;
    this.#random = random;
  }

  /** A gateway to try; `undefined` where none is believed to be ready, or the one that is tried refuses. */
  route(): SimGateway | undefined {
    if (this.#endpoints.length === 0) return undefined;
    const gateway = pick(this.#random, this.#endpoints);
    return gateway.host.phase === 'dead' ? undefined : gateway;
  }

  /** Which gateways there are has changed, or which are ready. What is late is no news where something newer was heard. */
  announce(gateways: readonly SimGateway[]): void {
    this.#announced += 1;
    const number = this.#announced;
    this.#loop.after(between(this.#random, LAG_MS.min, LAG_MS.max), () => {
      if (number < this.#heard) return;
      this.#heard = number;
      this.#endpoints = gateways.filter(gateway => gateway.ready);
    });
  }
}
