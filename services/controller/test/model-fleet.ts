import type { Random } from '@kittiwake/base';
import type { PacedMove } from '../src/rebalance/pace-moves.ts';
import type { Load } from '../src/rebalance/spread.ts';

/** Where a balancer sends a client: to the emptiest, to the emptier of two, to one after the other, or to anybody. */
export type Balancer = 'emptiest' | 'emptier_of_two' | 'in_turn' | 'anybody';

type Client = { moves: number };
type ModelGateway = {
  readonly id: string;
  readonly clients: Client[];
  left: number;
  perSecond: number;
  owed: number;
};

/** Gateways with clients that move when they are told to, those that came first before the others, to any gateway but their own. */
export class ModelFleet {
  readonly #gateways: readonly ModelGateway[];
  readonly #random: Random;
  readonly #balancer: Balancer;
  #turn = 0;

  constructor(sessions: readonly number[], random: Random, balancer: Balancer) {
    this.#gateways = sessions.map((count, index) => ({
      id: `gateway-${String(index).padStart(2, '0')}`,
      clients: Array.from({ length: count }, () => ({ moves: 0 })),
      left: 0,
      perSecond: 0,
      owed: 0,
    }));
    this.#random = random;
    this.#balancer = balancer;
  }

  get loads(): readonly Load[] {
    return this.#gateways.map(({ id, clients }) => ({ id, sessions: clients.length }));
  }

  /** What the statuses add up to. */
  get sheddingLeft(): number | undefined {
    const left = this.#gateways.reduce((sum, gateway) => sum + gateway.left, 0);
    return left === 0 ? undefined : left;
  }

  /** The most often that one client has moved. */
  get movesMax(): number {
    return Math.max(0, ...this.#gateways.flatMap(({ clients }) => clients.map(({ moves }) => moves)));
  }

  /** `POST /handover {do: 'shed'}` to each; a gateway that sheds already is busy. How many sessions are going to move. */
  shed(moves: readonly PacedMove[]): number {
    let moving = 0;
    for (const { id, sessions, perSecond } of moves) {
      const gateway = this.#gateways.find(candidate => candidate.id === id);
      if (gateway === undefined || gateway.left > 0) continue;
      Object.assign(gateway, { left: sessions, perSecond, owed: 0 });
      moving += sessions;
    }
    return moving;
  }

  /** Lets time pass. */
  advance(ms: number): void {
    for (const gateway of this.#gateways) {
      gateway.owed += (gateway.perSecond * ms) / 1_000;
      for (; gateway.owed >= 1 && gateway.left > 0; gateway.owed -= 1) this.#moveOne(gateway);
    }
  }

  #moveOne(from: ModelGateway): void {
    from.left -= 1;
    const client = from.clients.shift();
    if (client === undefined) return;
    client.moves += 1;
    this.#chooseFor(from).clients.push(client);
  }

  #chooseFor(from: ModelGateway): ModelGateway {
    const others = this.#gateways.filter(gateway => gateway !== from);
    const pick = (): ModelGateway => others[Math.floor(this.#random.next() * others.length)] ?? from;
    const next = others[this.#turn++ % others.length] ?? from;
    const choices = {
      emptiest: others,
      emptier_of_two: [pick(), pick()],
      in_turn: [next],
      anybody: [pick()],
    }[this.#balancer];
    return choices.reduce((a, b) => (b.clients.length < a.clients.length ? b : a), choices[0] ?? from);
  }
}
