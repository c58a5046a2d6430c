import { type Client, createClient } from '@kittiwake/client';
import { durable } from '@kittiwake/client/durable';
import { SimHost } from '@kittiwake/testkit';
import { WireWatch } from '../check/wire-watch.ts';
import { ClientClock } from './client-clock.ts';
import { LineState, type Meddling } from './line-state.ts';
import type { Scene } from './scene.ts';
import { type Ingress, SimConnection, type Told } from './sim-connection.ts';
import { type SimDisk, simStore } from './sim-store.ts';
import { issueToken } from './tokens.ts';

/** How long the server of tokens takes. */
const TOKEN_MS = 20;

/** How long a publish may wait: less than the calm lasts. */
const QUEUE_MS = 12_000;

/** What a client is made of. */
export type ClientParts = {
  readonly scene: Scene;
  readonly ingress: Ingress;
  /** Where it keeps its publishes, if it does. */
  readonly disk: SimDisk | undefined;
};

/** A page or process that uses the SDK: the real one, on a simulated host and network. */
export class SimClient {
  readonly host: SimHost;
  readonly clock: ClientClock;
  readonly client: Client<Record<never, never>>;
  readonly #scene: Scene;
  readonly #ingress: Ingress;
  readonly #connections = new Set<SimConnection>();
  readonly #line: LineState;
  #hint: (() => void) | undefined;

  /** The `life`-th process on the machine called `name`, which is its user as well. */
  constructor(parts: ClientParts, name: string, life: number) {
    const { scene, ingress, disk } = parts;
    this.#scene = scene;
    this.#ingress = ingress;
    this.#line = new LineState(scene.random(`line ${name}.${life}`));
    this.host = new SimHost(scene.loop, name);
    this.clock = new ClientClock(this.host.clock);
    this.client = createClient({
      url: 'wss://sim.example/v1/ws',
      token: () => this.#token(),
      transport: { dial: (_request, handler) => this.#dial(handler) },
      codec: scene.codec,
      clock: this.clock,
      random: scene.random(`${name}.${life}`),
      hints: onHint => {
        this.#hint = onHint;
        return () => {
          this.#hint = undefined;
        };
      },
      reconnect: { capMs: 4_000 },
      queue: { ageMaxMs: QUEUE_MS },
      ...(disk === undefined ? {} : { store: durable(simStore(disk, this.host.clock)) }),
      onListenerError: reason => scene.crashed(`a listener of ${name}`, reason),
    });
  }

  /** Connections that are not over; one at most while the client is open. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Its machine reads nothing. */
  stall(): void {
    this.#line.stalled = true;
  }

  readOn(): void {
    this.#line.stalled = false;
    for (const connection of this.#connections) this.host.deliver(() => connection.readOn());
  }

  /** The page is hidden: its timers are slow. */
  hide(): void {
    this.clock.hidden = true;
  }

  show(): void {
    this.clock.hidden = false;
    this.hint();
  }

  /** What each message takes longer than usual. */
  delay(ms: number): void {
    this.#line.delayMs = ms;
    for (const connection of this.#connections) connection.delay();
  }

  /** What something on the way does to publications. */
  meddle(meddling: Meddling): void {
    this.#line.meddling = meddling;
  }

  /** The platform says that the network or the user is back. */
  hint(): void {
    this.host.deliver(() => this.#hint?.());
  }

  /** Every connection breaks. */
  breakOff(told: Told): void {
    for (const connection of this.#connections) connection.breakOff(told);
  }

  /** SIGKILL; `told` where the machine lives on and tells the gateway. */
  crash(told: boolean): void {
    this.host.kill();
    this.breakOff({ client: false, gateway: told });
  }

  #dial(handler: ConstructorParameters<typeof SimConnection>[1]): SimConnection {
    const { network, codec } = this.#scene;
    const watch = new WireWatch(this.#scene, this.host.name);
    const connection = new SimConnection(
      {
        network,
        ingress: this.#ingress,
        client: this.host,
        line: this.#line,
        codec,
        onEnd: ended => this.#connections.delete(ended),
        onSent: message => watch.sent(message),
      },
      handler,
    );
    this.#connections.add(connection);
    connection.dial();
    return connection;
  }

  #token(): Promise<string> {
    const { loop, tokens } = this.#scene;
    return new Promise((resolve, reject) => {
      loop.after(TOKEN_MS, () =>
        this.host.deliver(() => {
          if (tokens.down) reject(new Error('the server of tokens is down'));
          else resolve(issueToken(this.host.name, tokens.nowMs() + tokens.lifetimeMs));
        }),
      );
    });
  }
}
