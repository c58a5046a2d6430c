import { err, ok } from '@kittiwake/base';
import { at } from '../decode/json-view.ts';
import type { AccessRequest, AccessReviewer } from '../metrics-api/authorizer.ts';
import type { KubeClient } from './kube-client.ts';

/** Asks the API server whether a caller may do something (SubjectAccessReview, authorization.k8s.io/v1). */
export function createAccessReviewer(client: KubeClient): AccessReviewer {
  return async (caller, request) => {
    const { user, groups, extra } = caller;
    const spec = { user, groups, extra, ...attributes(request) };
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
    const reviewed = await client.call({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      body,
    });
    return reviewed.ok ? ok(at(reviewed.value, 'status', 'allowed') === true) : err(reviewed.error.message);
  };
}

function attributes(request: AccessRequest): Readonly<Record<string, unknown>> {
  if (request.kind === 'path') return { nonResourceAttributes: { path: request.path, verb: 'get' } };
  const { version, namespace, resource, subresource, name } = request;
  return {
    resourceAttributes: {
      group: 'custom.metrics.k8s.io',
      version,
      namespace,
      resource,
      subresource,
      name,
      verb: 'get',
    },
  };
}
