import { err, ok, type Result } from '@kittiwake/base';
import { type LabelSelector, parseSelector } from '../decode/label-selector.ts';
import type { ApiVersion } from './metric-values.ts';

/** What a request asks for. */
export type Route =
  | { readonly kind: 'groups' }
  | { readonly kind: 'group' }
  | { readonly kind: 'resources'; readonly version: ApiVersion }
  | {
      readonly kind: 'pods';
      readonly version: ApiVersion;
      readonly namespace: string;
      readonly selector: LabelSelector;
      readonly metric: string;
    }
  | {
      readonly kind: 'pod';
      readonly version: ApiVersion;
      readonly namespace: string;
      readonly pod: string;
      readonly metric: string;
    }
  | {
      readonly kind: 'namespace';
      readonly version: ApiVersion;
      readonly namespace: string;
      readonly metric: string;
    };

/** Why a request asks for nothing that there is. */
export type RouteError = { readonly code: 400 | 404 | 405; readonly message: string };

const GROUP = 'custom.metrics.k8s.io';

/**
 * Reads method and URL. Paths are those of the custom metrics API; the asterisk of "all pods" comes escaped or not. OpenAPI
 * (`/openapi/v2`, `/openapi/v3`) is asked for by the API server and answered 404 like everything else, which it takes for "none".
 */
export function toRoute(method: string, target: string): Result<Route, RouteError> {
  if (method !== 'GET' && method !== 'HEAD')
    return err({ code: 405, message: `${method.slice(0, 20)} is not served` });
  const url = URL.parse(target, 'https://controller');
  const segments = url === null ? undefined : decode(url.pathname);
  if (url === null || segments === undefined) return err({ code: 400, message: 'the path cannot be read' });
  const [apis, group, version, ...rest] = segments;
  if (apis !== 'apis') return missing();
  if (group === undefined) return ok({ kind: 'groups' });
  if (group !== GROUP) return missing();
  if (version === undefined) return ok({ kind: 'group' });
  if (version !== 'v1beta1' && version !== 'v1beta2') return missing();
  return rest.length === 0 ? ok({ kind: 'resources', version }) : toMetric(version, rest, url.searchParams);
}

function toMetric(
  version: ApiVersion,
  rest: readonly string[],
  query: URLSearchParams,
): Result<Route, RouteError> {
  const [namespaces, namespace, resource, name, metric] = rest;
  if (namespaces !== 'namespaces' || namespace === undefined || name === undefined) return missing();
  if ((query.get('metricLabelSelector') ?? '') !== '')
    return err({ code: 400, message: 'metricLabelSelector is not served' });
  if (resource === 'metrics' && rest.length === 4)
    return ok({ kind: 'namespace', version, namespace, metric: name });
  if (resource !== 'pods' || metric === undefined || rest.length !== 5) return missing();
  if (name !== '*') return ok({ kind: 'pod', version, namespace, pod: name, metric });
  const selector = parseSelector(query.get('labelSelector') ?? '');
  if (!selector.ok) return err({ code: 400, message: selector.error.message });
  return ok({ kind: 'pods', version, namespace, selector: selector.value, metric });
}

function missing(): Result<never, RouteError> {
  return err({ code: 404, message: 'the server could not find the requested resource' });
}

function decode(path: string): readonly string[] | undefined {
  try {
    return path
      .split('/')
      .filter(segment => segment !== '')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
