import { err, ok, type Result } from '@kittiwake/base';
import { listAt, textAt } from '../decode/json-view.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import type { KubeError } from '../kube/kube-error.ts';
import { ownLabels } from '../kube/own-labels.ts';
import type { BootstrapPorts } from './apply.ts';
import type { ObservedJob } from './plan.ts';
import type { NewSecret } from './secrets.ts';

/** The cluster, as the bootstrap needs it. It can create Secrets and cannot read one. */
export function createBootstrapCluster(client: KubeClient, namespace: string): BootstrapPorts {
  const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  return {
    async createSecret(secret) {
      const path = `/api/v1/namespaces/${namespace}/secrets`;
      const made = await client.call({ method: 'POST', path, body: toSecret(namespace, secret) });
      if (made.ok) return ok('created');
      return made.error.kind === 'already_exists' ? ok('present') : err(made.error);
    },
    async listJobs() {
      const listed = await client.call({
        method: 'GET',
        path: jobs,
        query: { labelSelector: 'app.kubernetes.io/component=bootstrap' },
      });
      return listed.ok ? ok(listAt(listed.value, 'items').flatMap(toJob)) : err(listed.error);
    },
    async deleteJob(name): Promise<Result<void, KubeError>> {
      const body = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' };
      const deleted = await client.call({ method: 'DELETE', path: `${jobs}/${name}`, body });
      return deleted.ok || deleted.error.kind === 'not_found' ? ok() : err(deleted.error);
    },
  };
}

function toSecret(namespace: string, secret: NewSecret): unknown {
  const metadata = { name: secret.name, namespace, labels: ownLabels('bootstrap') };
  return { apiVersion: 'v1', kind: 'Secret', type: secret.type, metadata, stringData: secret.data };
}

function toJob(job: unknown): readonly ObservedJob[] {
  const name = textAt(job, 'metadata', 'name');
  const isFinished = listAt(job, 'status', 'conditions').some(
    condition =>
      ['Complete', 'Failed'].includes(textAt(condition, 'type') ?? '') &&
      textAt(condition, 'status') === 'True',
  );
  return name === undefined ? [] : [{ name, isFinished }];
}
