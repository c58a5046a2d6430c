import { every } from '@kittiwake/base';
import type { ChannelName } from '@kittiwake/protocol';
import { App } from './app/app.ts';
import type { ChannelView } from './app/channel-view.ts';
import { drawTraits } from './app/traits.ts';
import { CLIENTS, lastSteps, planWorkload, type Workload } from './app/workload.ts';
import { PublishBook } from './check/publish-book.ts';
import { watchProgress } from './check/watch-progress.ts';
import type { FaultPlan } from './faults/fault.ts';
import { Scene, type SceneOptions } from './world/scene.ts';
import { SimGateway } from './world/sim-gateway.ts';
import { SimIngress } from './world/sim-ingress.ts';
import { between } from './world/sim-random.ts';

const GATEWAYS = 3;
/** How often everybody is held against the channel. */
const WATCH_MS = 1_000;
/** How many of the channels an application is in. */
const JOINS = 0.85;
/** Clients do not come all at once. */
const ARRIVAL_MS = 1_500;
/** A gateway's machine starts another process by itself, as Kubernetes would, within this. */
const RESTART_MS = { min: 200, max: 3_000 };

/** One simulated cluster with its clients: what is in it, and what can be done to it. */
export class World {
  readonly scene: Scene;
  readonly ingress: SimIngress;
  readonly book: PublishBook;
  readonly apps: readonly App[];
  readonly #workload: Workload;
  readonly #random;
  readonly #lives: number[];
  readonly #gateways: (SimGateway | undefined)[];
  #announced = '';

  constructor(seed: number, plan: FaultPlan, options: SceneOptions = {}) {
    this.scene = new Scene(seed, options);
    this.ingress = new SimIngress(this.scene.loop, this.scene.random('ingress'));
    this.book = new PublishBook(this.scene);
    this.#random = this.scene.random('world');
    this.#lives = Array.from({ length: GATEWAYS }, () => 0);
    this.#gateways = Array.from({ length: GATEWAYS }, () => undefined);
    this.#workload = planWorkload(seed, plan);
    this.apps = Array.from(
      { length: CLIENTS },
      (_, n) => new App(this, `c${n}`, { joins: this.#someChannels(), traits: drawTraits(this.#random) }),
    );
  }

  get channels(): readonly ChannelName[] {
    return this.#workload.channels;
  }

  /** Gateways that are not gone. */
  get gateways(): readonly SimGateway[] {
    return this.#gateways.filter(gateway => gateway !== undefined);
  }

  /** Plans the whole life of the world but for what goes wrong in it. */
  begin(): void {
    const { loop } = this.scene;
    this.scene.tier.start();
    for (let machine = 0; machine < GATEWAYS; machine += 1) this.startGateway(machine);
    for (const app of this.apps) loop.at(between(this.#random, 0, ARRIVAL_MS), () => app.start());
    every(this.scene.clock, WATCH_MS, () => {
      this.scene.tier.look();
      // A gateway that does not deliver is not ready, and says so by nothing else.
      if (this.#readyNow() !== this.#announced) this.#announce();
      watchProgress(this.scene, this.#views());
    });
    for (const step of this.#workload.steps) loop.at(step.atMs, () => this.apps[step.client]?.do(step));
  }

  /** Publishes once more in each channel. */
  publishLast(): void {
    const { loop } = this.scene;
    for (const step of lastSteps(this.#random, this.#workload.channels, loop.nowMs))
      this.apps[step.client]?.do(step);
  }

  gateway(machine: number): SimGateway | undefined {
    return this.#gateways[machine];
  }

  /** Starts the next gateway process on a machine whose last one is gone. */
  startGateway(machine: number): void {
    if (this.#gateways[machine] !== undefined) return;
    const life = (this.#lives[machine] ?? 0) + 1;
    this.#lives[machine] = life;
    const gateway = new SimGateway(this.scene, `g${machine}`, life);
    this.#gateways[machine] = gateway;
    gateway.start(() => this.#announce());
  }

  /** SIGKILL, or the end of the machine where nobody is `told`. */
  crashGateway(machine: number, told: boolean): void {
    const gateway = this.#gateways[machine];
    if (gateway === undefined) return;
    gateway.crash(told);
    this.#gone(machine, gateway);
  }

  /** SIGTERM, and another process once it is gone. */
  drainGateway(machine: number): void {
    const gateway = this.#gateways[machine];
    if (gateway === undefined || !gateway.ready) return;
    gateway.drain(() => {
      this.#gone(machine, gateway);
      this.scene.loop.after(between(this.#random, RESTART_MS.min, RESTART_MS.max), () =>
        this.startGateway(machine),
      );
    });
    this.#announce();
  }

  #gone(machine: number, gateway: SimGateway): void {
    if (this.#gateways[machine] === gateway) this.#gateways[machine] = undefined;
    this.#announce();
  }

  #readyNow(): string {
    const ready = this.gateways.filter(gateway => gateway.ready);
    return ready.map(({ id }) => id).join();
  }

  #announce(): void {
    this.#announced = this.#readyNow();
    this.ingress.announce(this.gateways);
  }

  *#views(): Generator<ChannelView> {
    for (const app of this.apps) if (app.client?.host.phase === 'running') yield* app.views.values();
  }

  #someChannels(): readonly ChannelName[] {
    return this.channels.filter(() => this.#random.next() < JOINS);
  }
}
