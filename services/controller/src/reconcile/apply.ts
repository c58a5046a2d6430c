import { assertNever, type Clock, err, ok, type Random, type Result } from '@kittiwake/base';
import { issueMaterial, type Lifetimes, type ServingMaterial } from '../certificates/serving-material.ts';
import type { StoredMaterial } from './observed.ts';
import type { Action } from './plan.ts';

/** Why work on a key did not come to its end; it is tried again after its backoff. */
export type ApplyError = {
  readonly kind: 'not_leading' | 'cluster' | 'nothing_stored' | 'gateway';
  readonly message: string;
};

/** What applying calls. */
export type ApplyPorts = {
  /** [R3] Asked before each write. */
  holdsLease(): boolean;
  /** Creates the Secret, or replaces the version that was observed. */
  storeMaterial(material: ServingMaterial, over: StoredMaterial): Promise<Result<void, ApplyError>>;
  trust(apiService: string, caPem: string): Promise<Result<void, ApplyError>>;
  /** Says what was decided, as a Kubernetes Event and in the log. */
  announce(reason: string, note: string): void;
};

/** What applying needs besides. */
export type ApplyContext = {
  readonly ports: ApplyPorts;
  readonly clock: Clock;
  readonly random: Random;
  readonly hosts: readonly string[];
  readonly lifetimes: Lifetimes;
};

/** What comes of a write that this replica may not make any more. */
export const NOT_LEADING: Result<never, ApplyError> = err({
  kind: 'not_leading',
  message: 'the lease is not ours any more',
});

/** What comes of telling a gateway something that it did not take. */
export function gatewayFailed(
  name: string,
  { kind, message }: { readonly kind: string; readonly message: string },
): ApplyError {
  return { kind: 'gateway', message: `${name}: ${kind}: ${message}` };
}

/** Carries out a plan, one action after the other, and stops at the first that fails. */
export async function apply(
  actions: readonly Action[],
  stored: StoredMaterial,
  context: ApplyContext,
): Promise<Result<void, ApplyError>> {
  let material = stored.kind === 'present' ? stored.material : undefined;
  for (const action of actions) {
    if (!context.ports.holdsLease()) return NOT_LEADING;
    switch (action.kind) {
      case 'issue': {
        const issued = await issue(action, context);
        if (!issued.ok) return issued;
        material = issued.value;
        break;
      }
      case 'trust': {
        if (material === undefined)
          return err({ kind: 'nothing_stored', message: 'there is no CA to trust' });
        const trusted = await context.ports.trust(action.apiService, material.caPem);
        if (!trusted.ok) return trusted;
        context.ports.announce('APIServicePatched', `${action.apiService} trusts the stored CA`);
        break;
      }
      default:
        assertNever(action);
    }
  }
  return ok();
}

async function issue(
  action: Action & { kind: 'issue' },
  context: ApplyContext,
): Promise<Result<ServingMaterial, ApplyError>> {
  const { stored, keepCa } = action;
  const material = await issueMaterial({
    hosts: context.hosts,
    nowMs: context.clock.nowMs(),
    lifetimes: context.lifetimes,
    random: context.random,
    previous: stored.kind === 'present' ? { material: stored.material, keepCa } : undefined,
  });
  // Making it took a while, and the lease may be gone by now.
  if (!context.ports.holdsLease()) return NOT_LEADING;
  const done = await context.ports.storeMaterial(material, stored);
  if (!done.ok) return done;
  context.ports.announce('CertificateIssued', `serving certificate issued (${action.reason})`);
  return ok(material);
}
