import { delay, systemClock } from '@kittiwake/base';
import { NAMESPACE } from '../../cluster/lib/kubectl.ts';
import type { GatewayPod } from './gateway-pod.ts';
import type { KubeDoor } from './kube-door.ts';

/** Who follows pods. */
export type PodHandler = {
  /** All that there are; who is not among them is gone. */
  listed(pods: readonly GatewayPod[]): void;
  changed(pod: GatewayPod): void;
  deleted(pod: GatewayPod): void;
};

type PodList = {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly GatewayPod[];
};
type PodEvent = { readonly type: string; readonly object: GatewayPod };

const SELECTOR = encodeURIComponent('app.kubernetes.io/component=gateway');
const PATH = `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=${SELECTOR}`;
const WATCH_SECONDS = 300;
const AGAIN_MS = 500;

/** Follows the gateways' pods as the API server tells of them: nothing is missed between two looks. */
export class PodStream {
  readonly #door: KubeDoor;
  readonly #handler: PodHandler;
  readonly #stopping = new AbortController();

  constructor(door: KubeDoor, handler: PodHandler) {
    this.#door = door;
    this.#handler = handler;
  }

  /** Lists, and follows from there until `stop`; where that breaks it begins anew. */
  async run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#watch(await this.list());
      } catch {
        await delay(systemClock, AGAIN_MS);
      }
    }
  }

  /** Lists once; the version from which to follow. */
  async list(): Promise<string> {
    const { metadata, items } = await this.#door.json<PodList>(PATH);
    this.#handler.listed(items);
    return metadata.resourceVersion;
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #watch(version: string): Promise<void> {
    const path = `${PATH}&watch=1&resourceVersion=${version}&timeoutSeconds=${WATCH_SECONDS}`;
    for await (const line of this.#door.lines(path, this.#stopping.signal)) {
      const { type, object }: PodEvent = JSON.parse(line);
      switch (type) {
        case 'ADDED':
        case 'MODIFIED':
          this.#handler.changed(object);
          break;
        case 'DELETED':
          this.#handler.deleted(object);
          break;
        default:
          // The version is too old, or something else that a new list mends.
          return;
      }
    }
  }
}
