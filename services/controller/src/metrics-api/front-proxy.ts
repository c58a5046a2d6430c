import { err, ok, type Result } from '@kittiwake/base';
import { parseJson, textAt } from '../decode/json-view.ts';

/** How the API server proves itself, from ConfigMap kube-system/extension-apiserver-authentication. */
export type FrontProxy = {
  /** PEM; signs the certificate with which the API server calls us. */
  readonly caPem: string;
  /** Common names that count; empty: any that the CA signed. */
  readonly allowedNames: readonly string[];
  readonly userHeaders: readonly string[];
  readonly groupHeaders: readonly string[];
  readonly extraPrefixes: readonly string[];
};

/** Who asks. */
export type Caller = {
  readonly user: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
};

/** Headers by lower-case name, each with all its values (Node's `headersDistinct`). */
export type ProxyHeaders = Readonly<Record<string, readonly string[] | undefined>>;

/** What the TLS handshake showed: `isTrusted` when a certificate came that chains to the front proxy's CA. */
export type ClientProof = { readonly isTrusted: boolean; readonly commonName: string | undefined };

const GROUPS_MAX = 256;
const AUTHENTICATED = 'system:authenticated';

/** Reads the ConfigMap's data; `undefined` where it holds no request header CA (the API server runs without aggregation). */
export function toFrontProxy(configMap: unknown): FrontProxy | undefined {
  const caPem = textAt(configMap, 'data', 'requestheader-client-ca-file');
  if (caPem === undefined || caPem.trim() === '') return undefined;
  const names = (key: string): readonly string[] => {
    const parsed = parseJson(textAt(configMap, 'data', key) ?? '[]');
    return Array.isArray(parsed) ? parsed.filter((name): name is string => typeof name === 'string') : [];
  };
  const lower = (key: string): readonly string[] => names(key).map(name => name.toLowerCase());
  return {
    caPem,
    allowedNames: names('requestheader-allowed-names'),
    userHeaders: lower('requestheader-username-headers'),
    groupHeaders: lower('requestheader-group-headers'),
    extraPrefixes: lower('requestheader-extra-headers-prefix'),
  };
}

/** [R15] Headers are believed only from a client that proved to be the front proxy; everybody else is nobody (Kubernetes: "Authenticating proxy"). */
export function authenticate(
  proxy: FrontProxy,
  proof: ClientProof,
  headers: ProxyHeaders,
): Result<Caller, string> {
  if (!proof.isTrusted) return err('a client certificate of the API server is required');
  const isAllowed =
    proxy.allowedNames.length === 0 ||
    (proof.commonName !== undefined && proxy.allowedNames.includes(proof.commonName));
  if (!isAllowed) return err('the client certificate is not one of the API server');
  const user = proxy.userHeaders.flatMap(name => headers[name] ?? [])[0];
  if (user === undefined || user === '') return err('the request names no user');
  const groups = proxy.groupHeaders.flatMap(name => headers[name] ?? []).slice(0, GROUPS_MAX);
  return ok({ user, groups: completed(user, groups), extra: extraOf(proxy, headers) });
}

/**
 * As every aggregated API server does (apiserver: `AuthenticatedGroupAdder`): whoever the front proxy names is authenticated. The API
 * server's own discovery comes as `system:kube-aggregator` without any group, and would be refused what everybody may read.
 */
function completed(user: string, groups: readonly string[]): readonly string[] {
  const isDecided =
    user === 'system:anonymous' ||
    groups.includes(AUTHENTICATED) ||
    groups.includes('system:unauthenticated');
  return isDecided ? groups : [...groups, AUTHENTICATED];
}

function extraOf(proxy: FrontProxy, headers: ProxyHeaders): Caller['extra'] {
  const extra: [string, readonly string[]][] = [];
  for (const [name, values] of Object.entries(headers)) {
    const prefix = proxy.extraPrefixes.find(candidate => name.startsWith(candidate));
    if (prefix !== undefined && values !== undefined)
      extra.push([unquote(name.slice(prefix.length)), values]);
  }
  return Object.fromEntries(extra);
}

/** Keys are percent-encoded, because header names know fewer characters. */
function unquote(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
