import { err, ok } from '@kittiwake/base';
import { at, listAt, numberAt, textAt } from '../decode/json-view.ts';
import type { ListWatch, WatchEvent } from './informer.ts';
import type { KubeClient } from './kube-client.ts';
import { type KubeError, toKubeError } from './kube-error.ts';

/** How long one watch lasts; the API server sends a bookmark two seconds before its end. */
const WATCH_SECONDS = 25;
/** A watch that says nothing for longer than it was asked to last is dead. */
const SILENCE_MS = (WATCH_SECONDS + 10) * 1_000;

/** Which objects of a collection, and how one is read; `undefined` from `decode`: it is none of ours. */
export type ObjectSelection<T> = {
  readonly path: string;
  /** By label, or one by its name: `metadata.name=x` as a field selector is what a rule with `resourceNames` allows. */
  readonly query: { readonly labelSelector: string } | { readonly fieldSelector: string };
  readonly decode: (object: unknown) => T | undefined;
};

/** Lists and watches these objects. */
export function createObjectSource<T>(client: KubeClient, selection: ObjectSelection<T>): ListWatch<T> {
  const { path, query, decode } = selection;
  return {
    async list() {
      const listed = await client.call({ method: 'GET', path, query });
      if (!listed.ok) return listed;
      const version = textAt(listed.value, 'metadata', 'resourceVersion');
      if (version === undefined)
        return err({ kind: 'rejected', code: 200, message: 'a list without a version' });
      const items = listAt(listed.value, 'items').map(decode);
      return ok({ items: items.filter(item => item !== undefined), version });
    },
    watch(version, handler) {
      const watching = {
        ...query,
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: version,
        timeoutSeconds: String(WATCH_SECONDS),
      };
      let refusal: KubeError | undefined;
      return client.watch({ method: 'GET', path, query: watching }, SILENCE_MS, {
        line(value) {
          refusal = refusalOf(value) ?? refusal;
          const event = toEvent(value, decode);
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

function toEvent<T>(value: unknown, decode: (object: unknown) => T | undefined): WatchEvent<T> | undefined {
  const raw = at(value, 'object');
  const version = textAt(raw, 'metadata', 'resourceVersion');
  if (version === undefined) return undefined;
  const type = textAt(value, 'type');
  if (type === 'BOOKMARK') return { kind: 'bookmark', version };
  const object = decode(raw);
  if (object === undefined) return undefined;
  if (type === 'DELETED') return { kind: 'removed', object, version };
  return type === 'ADDED' || type === 'MODIFIED' ? { kind: 'put', object, version } : undefined;
}
