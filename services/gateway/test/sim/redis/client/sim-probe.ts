import type { SimHost, SimNetwork } from '@kittiwake/testkit';
import type {
  Primary,
  Probe,
  RedisAddress,
  SentinelAnswer,
} from '../../../../src/broker/redis/primary/probe.ts';
import { readPrimary } from '../../../../src/broker/redis/primary/read-primary.ts';
import type { SimSentinel } from '../server/sim-sentinel.ts';
import { ProbeLink } from './probe-link.ts';
import type { TierAccess } from './tier-access.ts';

/** What a probe is made of. */
export type SimProbeParts = {
  readonly host: SimHost;
  readonly network: SimNetwork;
  readonly sentinels: readonly SimSentinel[];
  /** Names of all servers. */
  readonly nodes: readonly string[];
  readonly tier: Pick<TierAccess, 'dial'>;
  /** The first of the Sentinels is asked: a survey begins. */
  onSurvey(): void;
};

const PORT = 6_379;

/** Where the server of that name listens. */
export function addressOf(name: string): RedisAddress {
  return { host: name, port: PORT };
}

/** What `createIoredisProbe` is to a finder: it asks Sentinels and servers over the simulated network. */
export class SimProbe implements Probe {
  readonly #parts: SimProbeParts;
  readonly #links = new Map<string, ProbeLink>();

  constructor(parts: SimProbeParts) {
    this.#parts = parts;
  }

  askSentinel({ host: name }: RedisAddress, timeoutMs: number): Promise<SentinelAnswer | undefined> {
    const { host, network, sentinels, nodes, onSurvey } = this.#parts;
    if (name === sentinels[0]?.host.name) onSurvey();
    const sentinel = sentinels.find(one => one.host.name === name);
    if (sentinel === undefined) return Promise.resolve(undefined);
    const answer = new Promise<SentinelAnswer>(resolve => {
      network.pipe(host, sentinel.host).send(() => {
        const primary = sentinel.named.name;
        const replicas = nodes.filter(node => node !== primary).map(addressOf);
        network.pipe(sentinel.host, host).send(() => resolve({ primary: addressOf(primary), replicas }));
      });
    });
    return this.#within(timeoutMs, answer);
  }

  async askServer(address: RedisAddress, timeoutMs: number): Promise<Primary | undefined> {
    const link = this.#linkTo(address.host);
    const info = await this.#within(timeoutMs, link.info());
    if (info !== undefined) return readPrimary(String(info), address);
    // Whoever is silent is asked on a new connection: this one may hang for as long as TCP does.
    link.close();
    return undefined;
  }

  close(): void {
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
  }

  #linkTo(node: string): ProbeLink {
    const known = this.#links.get(node);
    if (known !== undefined && !known.isClosed) return known;
    const link = new ProbeLink({ ...this.#parts, node });
    this.#links.set(node, link);
    return link;
  }

  #within<T>(timeoutMs: number, answer: Promise<T>): Promise<T | undefined> {
    return new Promise(resolve => {
      const timer = this.#parts.host.clock.after(timeoutMs, () => resolve(undefined));
      const end = (value: T | undefined): void => {
        timer.cancel();
        resolve(value);
      };
      answer.then(end, () => end(undefined));
    });
  }
}
