import { SECRET_NAMES, type SecretName } from './secrets.ts';

/** A bootstrap Job, as far as tidying up cares. */
export type ObservedJob = { readonly name: string; readonly isFinished: boolean };

/** One thing to do. Creating is always tried: the Job may not read Secrets, and "already exists" is success. */
export type BootstrapAction =
  | { readonly kind: 'create-secret'; readonly name: SecretName }
  | { readonly kind: 'delete-job'; readonly name: string };

/** [R19] All Secrets, and the finished Jobs of earlier templates; a Job that still runs, and its own, are left alone. Pure. */
export function planBootstrap(
  observed: { readonly jobs: readonly ObservedJob[] },
  wanted: { readonly ownJob: string; readonly tlsHosts: readonly string[] },
): readonly BootstrapAction[] {
  const secrets = SECRET_NAMES.filter(name => name !== 'kittiwake-tls' || wanted.tlsHosts.length > 0);
  const jobs = observed.jobs.filter(job => job.isFinished && job.name !== wanted.ownJob);
  return [
    ...secrets.map((name): BootstrapAction => ({ kind: 'create-secret', name })),
    ...jobs.map(({ name }): BootstrapAction => ({ kind: 'delete-job', name })),
  ];
}
