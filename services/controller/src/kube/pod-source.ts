import { err, ok } from '@kittiwake/base';
import { listAt, numberAt, textAt } from '../decode/json-view.ts';
import { type GatewayPod, toGatewayPod } from '../gateways/gateway-pod.ts';
import type { ListWatch, WatchEvent } from './informer.ts';
import type { KubeClient } from './kube-client.ts';
import { type KubeError, toKubeError } from './kube-error.ts';

/** How long one watch lasts; the API server sends a bookmark two seconds before its end. */
const WATCH_SECONDS = 25;
/** A watch that says nothing for longer than it was asked to last is dead. */
const SILENCE_MS = (WATCH_SECONDS + 10) * 1_000;

/** Lists and watches the pods of one namespace that match a label selector. */
export function createPodSource(
  client: KubeClient,
  namespace: string,
  labelSelector: string,
): ListWatch<GatewayPod> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  return {
    async list() {
      const listed = await client.call({ method: 'GET', path, query: { labelSelector } });
      if (!listed.ok) return listed;
      const version = textAt(listed.value, 'metadata', 'resourceVersion');
      if (version === undefined)
        return err({ kind: 'rejected', code: 200, message: 'a list without a version' });
      return ok({ items: listAt(listed.value, 'items').flatMap(toPods), version });
    },
    watch(version, handler) {
      const query = {
        labelSelector,
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: version,
        timeoutSeconds: String(WATCH_SECONDS),
      };
      let refusal: KubeError | undefined;
      return client.watch({ method: 'GET', path, query }, SILENCE_MS, {
        line(value) {
          refusal = refusalOf(value) ?? refusal;
          const event = toEvent(value);
          if (event !== undefined) handler.event(event);
        },
        ended: error => handler.ended(error ?? refusal),
      });
    },
  };
}

/** An ERROR event carries a Status: 410 says that the version is too old (API concepts, "410 Gone responses"). */
function refusalOf(value: unknown): KubeError | undefined {
  if (textAt(value, 'type') !== 'ERROR') return undefined;
  return toKubeError(
    numberAt(value, 'object', 'code') ?? 500,
    JSON.stringify({ message: textAt(value, 'object', 'message') }),
  );
}

function toEvent(value: unknown): WatchEvent<GatewayPod> | undefined {
  const object = (value as { readonly object?: unknown } | undefined)?.object;
  const version = textAt(object, 'metadata', 'resourceVersion');
  if (version === undefined) return undefined;
  const type = textAt(value, 'type');
  if (type === 'BOOKMARK') return { kind: 'bookmark', version };
  const pod = toGatewayPod(object);
  if (pod === undefined) return undefined;
  if (type === 'DELETED') return { kind: 'removed', object: pod, version };
  return type === 'ADDED' || type === 'MODIFIED' ? { kind: 'put', object: pod, version } : undefined;
}

function toPods(item: unknown): readonly GatewayPod[] {
  const pod = toGatewayPod(item);
  return pod === undefined ? [] : [pod];
}
