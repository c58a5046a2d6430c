import { textAt } from '../decode/json-view.ts';

/** One template of the Deployment, as its ReplicaSet tells: the highest revision is the newest, also after a rollback. */
export type TemplateRevision = { readonly name: string; readonly hash: string; readonly revision: number };

/** Reads a ReplicaSet of the API; `undefined` where no Deployment numbered it. */
export function toTemplateRevision(replicaSet: unknown): TemplateRevision | undefined {
  const name = textAt(replicaSet, 'metadata', 'name');
  const hash = textAt(replicaSet, 'metadata', 'labels', 'pod-template-hash');
  const revision = Number(textAt(replicaSet, 'metadata', 'annotations', 'deployment.kubernetes.io/revision'));
  if (name === undefined || hash === undefined || !Number.isInteger(revision)) return undefined;
  return { name, hash, revision };
}
