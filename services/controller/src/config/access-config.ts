import type { Environment } from './environment.ts';

/** How the API server is reached: from inside a pod, or with a kubeconfig on a developer's machine. */
export type AccessConfig =
  | { readonly kind: 'in-cluster'; readonly host: string; readonly port: number }
  | { readonly kind: 'kubeconfig' };

/** A set `KUBECONFIG` wins; else the variables that Kubernetes gives every pod. */
export function readAccess(environment: Environment): AccessConfig {
  if (environment.text('KUBECONFIG', '') !== '') return { kind: 'kubeconfig' };
  const host = environment.text('KUBERNETES_SERVICE_HOST', '');
  if (host === '') environment.reject('KUBERNETES_SERVICE_HOST', 'is not set, and neither is KUBECONFIG');
  return {
    kind: 'in-cluster',
    host,
    port: environment.integer('KUBERNETES_SERVICE_PORT', { fallback: 443, min: 1, max: 65_535 }),
  };
}

/** Levels of pino, most talkative first. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** One of `LOG_LEVELS`. */
export type LogLevel = (typeof LOG_LEVELS)[number];
