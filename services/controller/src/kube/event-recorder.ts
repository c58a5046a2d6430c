import type { Clock, Random, Result } from '@kittiwake/base';
import type { KubeClient } from './kube-client.ts';
import type { KubeError } from './kube-error.ts';

/** Writes a Kubernetes Event (events.k8s.io/v1) about this pod, or another object: `reason` is CamelCase, `note` a sentence of at most 1 kB. */
export type EventRecorder = (
  reason: string,
  note: string,
  regarding?: EventSubject,
) => Promise<Result<unknown, KubeError>>;

/** What an Event is about; `kubectl describe` finds it by the uid. */
export type EventSubject = {
  readonly kind: 'Pod' | 'Deployment';
  readonly name: string;
  readonly uid: string;
};

export function createEventRecorder(
  client: KubeClient,
  sources: { readonly clock: Clock; readonly random: Random },
  pod: { readonly namespace: string; readonly name: string },
): EventRecorder {
  return (reason, note, regarding) =>
    client.call({
      method: 'POST',
      path: `/apis/events.k8s.io/v1/namespaces/${pod.namespace}/events`,
      body: {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { name: `${pod.name}.${sources.random.hex(8)}`, namespace: pod.namespace },
        eventTime: new Date(sources.clock.nowMs()).toISOString().replace('Z', '000Z'),
        reportingController: 'kittiwake.dev/controller',
        reportingInstance: pod.name,
        action: reason,
        reason,
        note: note.slice(0, 1_000),
        type: 'Normal',
        regarding: toReference(pod, regarding),
      },
    });
}

function toReference(
  pod: { readonly namespace: string; readonly name: string },
  subject?: EventSubject,
): unknown {
  if (subject === undefined) return { apiVersion: 'v1', kind: 'Pod', ...pod };
  const apiVersion = subject.kind === 'Deployment' ? 'apps/v1' : 'v1';
  return { apiVersion, namespace: pod.namespace, ...subject };
}
