import { SimHost } from '@kittiwake/testkit';
import { noTracer } from '../../../src/telemetry/no-tracer.ts';
import { FlushScheduler } from '../../../src/transport/flush-scheduler.ts';
import { type Core, wireCore } from '../../../src/wiring/core.ts';
import type { Scene } from './scene.ts';
import { sceneLog } from './scene-log.ts';
import { sceneMetrics } from './scene-metrics.ts';
import { simConfig } from './sim-config.ts';
import type { SimConnection } from './sim-connection.ts';
import { type PeerShared, SimPeer } from './sim-peer.ts';
import { simVerifier } from './tokens.ts';

const HANDSHAKE = { token: undefined, origin: undefined, userAgent: undefined } as const;

/** A gateway process: the wiring of the real one on a simulated host, its peers on simulated connections. */
export class SimGateway {
  readonly id: string;
  readonly host: SimHost;
  readonly core: Core;
  readonly #scene: Scene;
  readonly #shared: PeerShared;
  readonly #connections = new Map<SimPeer, SimConnection>();
  #accepting = false;
  #ready = false;

  /** The `life`-th process on the machine called `name`. */
  constructor(scene: Scene, name: string, life: number) {
    this.id = `${name}.${life}`;
    this.#scene = scene;
    this.host = new SimHost(scene.loop, name);
    const { clock } = this.host;
    const config = simConfig(this.id);
    const parts = {
      config,
      clock,
      random: scene.random(this.id),
      metrics: sceneMetrics(scene),
      log: sceneLog(scene, this.id),
      tracer: noTracer,
    };
    this.core = wireCore({
      ...parts,
      tier: scene.tier.tierFor(this.host, parts),
      verifier: simVerifier(clock),
      front: {
        connections: () => this.#connections.size,
        stopAccepting: () => {
          this.#accepting = false;
        },
      },
    });
    this.#shared = {
      clock,
      scheduler: new FlushScheduler(callback => clock.turn(callback)),
      outboxBytesMax: config.limits.outboxBytesMax,
      onGone: peer => this.#connections.delete(peer),
    };
  }

  /** Whether an ingress that knows everything would send clients here. */
  get ready(): boolean {
    const { drain, delivery } = this.core;
    const isWell = drain.check() === undefined && delivery.check() === undefined;
    return this.#ready && this.host.phase !== 'dead' && isWell;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Connects the tier; `onServing` is called when clients may come. */
  start(onServing: () => void): void {
    void this.core.start().then(() => {
      this.#accepting = true;
      this.#ready = true;
      this.#scene.note(() => `${this.id} serves`);
      onServing();
    });
  }

  /** Takes a connection; `undefined` where it does not. */
  accept(connection: SimConnection): SimPeer | undefined {
    if (!this.#accepting) return undefined;
    const peer = new SimPeer(connection, this.#shared);
    this.#connections.set(peer, connection);
    peer.attach(this.core.sessions.accept(peer, HANDSHAKE));
    return peer;
  }

  /** SIGKILL; `told` where the machine lives on and says so to the clients. */
  crash(told: boolean): void {
    this.host.kill();
    this.#ready = false;
    for (const connection of this.#connections.values())
      connection.breakOff({ client: told, gateway: false });
    this.#connections.clear();
  }

  /** SIGTERM: hands its clients over and stops; `onGone` is called when the process is gone. */
  drain(onGone: () => void): void {
    const drained = this.core.drain.start().then(() => this.core.stop());
    void drained.then(() => {
      this.crash(true);
      onGone();
    });
  }
}
