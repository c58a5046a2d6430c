import { delay, systemClock } from '@kittiwake/base';
import { NAMESPACE } from '../../cluster/lib/kubectl.ts';
import { parseExposition, type Samples, sumOf } from './exposition.ts';
import { follow, type GatewayLife, type GatewayPod, isServing, newLife } from './gateway-pod.ts';
import type { KubeDoor } from './kube-door.ts';
import { PodStream } from './pod-stream.ts';

/** What a gateway's metrics said at one moment. */
export type Reading = {
  readonly name: string;
  readonly isServing: boolean;
  readonly sessions: number;
  /** Delay of its event loop since it was asked before, 99th percentile. */
  readonly lagMs: number;
  readonly memoryMiB: number;
  readonly samples: Samples;
};

/** All gateways that answered at one moment; milliseconds since 1970. */
export type Census = { readonly atMs: number; readonly readings: readonly Reading[] };

const EVERY_MS = 2_000;
const ANSWER_MS = 1_500;
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;
/** A census has all metrics: of older ones only what figures need is kept. */
const CENSUSES_WITH_SAMPLES = 2;

/** Follows the gateways: their pods as the API server tells of them, their metrics every two seconds through it. */
export class GatewayWatch {
  readonly #door: KubeDoor;
  readonly #pods: PodStream;
  readonly #lives = new Map<string, GatewayLife>();
  readonly #censuses: Census[] = [];
  #running = true;

  constructor(door: KubeDoor) {
    this.#door = door;
    this.#pods = new PodStream(door, {
      listed: pods => this.#listed(pods),
      changed: pod => this.#changed(pod),
      deleted: pod => this.#deleted(pod),
    });
  }

  /** Everyone who was ever seen. */
  get lives(): readonly GatewayLife[] {
    return [...this.#lives.values()];
  }

  /** Those that are there now: terminating ones as well. */
  get present(): readonly GatewayLife[] {
    return this.lives.filter(({ goneMs }) => goneMs === undefined);
  }

  /** Those that take clients. */
  get serving(): readonly GatewayLife[] {
    return this.lives.filter(isServing);
  }

  get censuses(): readonly Census[] {
    return this.#censuses;
  }

  /** A metric as all gateways told it last, summed over those of its series that have all the given labels. */
  total(metric: string, ...labels: readonly string[]): number {
    const readings = this.#censuses.at(-1)?.readings ?? [];
    return readings.reduce((sum, { samples }) => sum + sumOf(samples, metric, ...labels), 0);
  }

  /** Knows who is there when it resolves, and follows them until `stop`. */
  async start(): Promise<void> {
    await this.#pods.list();
    void this.#pods.run();
    void this.#measure();
  }

  stop(): void {
    this.#running = false;
    this.#pods.stop();
  }

  async #measure(): Promise<void> {
    while (this.#running) {
      const startedMs = systemClock.monotonicMs();
      const readings = await Promise.all(this.present.map(life => this.#read(life)));
      this.#censuses.push({
        atMs: systemClock.nowMs(),
        readings: readings.filter(reading => reading !== undefined),
      });
      const old = this.#censuses.at(-1 - CENSUSES_WITH_SAMPLES);
      if (old !== undefined)
        this.#censuses[this.#censuses.length - 1 - CENSUSES_WITH_SAMPLES] = {
          ...old,
          readings: old.readings.map(reading => ({ ...reading, samples: new Map() })),
        };
      await delay(systemClock, Math.max(0, EVERY_MS - (systemClock.monotonicMs() - startedMs)));
    }
  }

  /** A gateway that does not answer has no reading. */
  async #read(life: GatewayLife): Promise<Reading | undefined> {
    const path = `${PODS}/${life.name}:8200/proxy/metrics`;
    const text = await this.#door.text(path, ANSWER_MS).catch(() => undefined);
    if (text === undefined) return undefined;
    const samples = parseExposition(text);
    life.sessions = samples.get('kittiwake_sessions') ?? 0;
    return {
      name: life.name,
      isServing: isServing(life),
      sessions: life.sessions,
      lagMs: 1_000 * sumOf(samples, 'kittiwake_event_loop_lag_seconds', 'quantile="0.99"'),
      memoryMiB: sumOf(samples, 'process_resident_memory_bytes') / 1024 ** 2,
      samples,
    };
  }

  #listed(pods: readonly GatewayPod[]): void {
    const there = new Set(pods.map(({ metadata }) => metadata.uid));
    for (const life of this.present) if (!there.has(life.uid)) life.goneMs = systemClock.nowMs();
    for (const pod of pods) this.#changed(pod);
  }

  #changed(pod: GatewayPod): GatewayLife {
    const atMs = systemClock.nowMs();
    const life = this.#lives.get(pod.metadata.uid) ?? newLife(pod, atMs);
    this.#lives.set(pod.metadata.uid, life);
    follow(life, pod, atMs);
    return life;
  }

  #deleted(pod: GatewayPod): void {
    this.#changed(pod).goneMs = systemClock.nowMs();
  }
}
