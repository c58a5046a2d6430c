import { assertNever } from '@kittiwake/base';
import type { AccessRequest, Authorizer } from './authorizer.ts';
import { apiGroup, apiGroupList, apiResourceList } from './discovery.ts';
import { authenticate, type ClientProof, type FrontProxy, type ProxyHeaders } from './front-proxy.ts';
import { METRIC, namespaceValue, podValue, podValues, type Snapshot, toList } from './metric-values.ts';
import { type Route, toRoute } from './route.ts';

/** One request, without its socket. */
export type ApiRequest = {
  readonly method: string;
  readonly target: string;
  readonly headers: ProxyHeaders;
  readonly proof: ClientProof;
};

/** Status code and JSON body. */
export type ApiAnswer = { readonly code: number; readonly body: unknown };

/** What an answer is made from. `frontProxy` is `undefined` until the ConfigMap was read. */
export type AnswerParts = {
  readonly frontProxy: () => FrontProxy | undefined;
  readonly authorizer: Authorizer;
  readonly snapshot: () => Snapshot;
};

/** Who asks, may they, what for: in this order, so that strangers learn nothing but 401. */
export async function answer(parts: AnswerParts, request: ApiRequest): Promise<ApiAnswer> {
  const proxy = parts.frontProxy();
  if (proxy === undefined) return failure(503, 'ServiceUnavailable', 'callers cannot be identified yet');
  const caller = authenticate(proxy, request.proof, request.headers);
  if (!caller.ok) return failure(401, 'Unauthorized', caller.error);
  const route = toRoute(request.method, request.target);
  if (!route.ok) return failure(route.error.code, REASONS[route.error.code], route.error.message);
  const verdict = await parts.authorizer.decide(caller.value, toAccessRequest(route.value, request.target));
  if (verdict === 'unknown')
    return failure(503, 'ServiceUnavailable', 'the API server could not be asked for permission');
  if (verdict === 'denied') return failure(403, 'Forbidden', `${caller.value.user} may not read this`);
  return serve(route.value, parts.snapshot());
}

function serve(route: Route, snapshot: Snapshot): ApiAnswer {
  switch (route.kind) {
    case 'groups':
      return { code: 200, body: apiGroupList() };
    case 'group':
      return { code: 200, body: apiGroup() };
    case 'resources':
      return { code: 200, body: apiResourceList(route.version) };
    case 'pods':
    case 'pod':
    case 'namespace':
      return route.metric === METRIC
        ? serveMetric(route, snapshot)
        : failure(404, 'NotFound', `there is no metric ${route.metric.slice(0, 80)}`);
    default:
      return assertNever(route);
  }
}

function serveMetric(route: Route & { kind: 'pods' | 'pod' | 'namespace' }, snapshot: Snapshot): ApiAnswer {
  if (route.kind === 'pods') {
    return {
      code: 200,
      body: toList(route.version, podValues(snapshot, route)),
    };
  }
  const value =
    route.kind === 'pod'
      ? podValue(snapshot, { namespace: route.namespace, name: route.pod }, route.version)
      : namespaceValue(snapshot, route.namespace, route.version);
  return value.ok
    ? { code: 200, body: toList(route.version, [value.value]) }
    : failure(404, 'NotFound', value.error);
}

/** What the API server itself would make of the URL (RequestInfo): metrics of pods are subresources, a namespace's are `metrics`. */
function toAccessRequest(route: Route, target: string): AccessRequest {
  switch (route.kind) {
    case 'groups':
    case 'group':
    case 'resources':
      return { kind: 'path', path: target.split('?', 1)[0] ?? target };
    case 'pods':
    case 'pod': {
      const { version, namespace, metric } = route;
      const name = route.kind === 'pod' ? route.pod : '*';
      return { kind: 'resource', version, namespace, resource: 'pods', subresource: metric, name };
    }
    case 'namespace': {
      const { version, namespace, metric } = route;
      return { kind: 'resource', version, namespace, resource: 'metrics', subresource: '', name: metric };
    }
    default:
      return assertNever(route);
  }
}

const REASONS = { 400: 'BadRequest', 404: 'NotFound', 405: 'MethodNotAllowed' } as const;

/** A failure as Kubernetes' clients expect it (meta/v1 Status). */
function failure(code: number, reason: string, message: string): ApiAnswer {
  return {
    code,
    body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code },
  };
}
