import { inspectMaterial, isDue } from '../certificates/serving-material.ts';
import type { Desired, Observed, StoredMaterial } from './observed.ts';

/** Why a certificate is made anew. */
export type IssueReason = 'absent' | 'unreadable' | 'hosts_changed' | 'certificate_due' | 'ca_due';

/** One thing to do; they are done in order. */
export type Action =
  /** Make a certificate (and a CA unless `keepCa`) and store it over `stored`. */
  | {
      readonly kind: 'issue';
      readonly reason: IssueReason;
      readonly keepCa: boolean;
      readonly stored: StoredMaterial;
    }
  /** Let the APIService trust the CA that is stored after the actions before this one. */
  | { readonly kind: 'trust'; readonly apiService: string };

/** [R6] What is missing between observed and desired; pure, and nothing where nothing is missing. */
export function plan(observed: Observed, desired: Desired): readonly Action[] {
  const issue = planIssue(observed, desired.hosts);
  const caPem = observed.material.kind === 'present' ? observed.material.material.caPem : undefined;
  const isNewCa = issue !== undefined && !issue.keepCa;
  const untrusting = observed.apiServices.filter(
    service => isNewCa || service.caPem.trim() !== caPem?.trim(),
  );
  const trusts = untrusting.map((service): Action => ({ kind: 'trust', apiService: service.name }));
  return issue === undefined ? trusts : [issue, ...trusts];
}

function planIssue(
  { material: stored, nowMs }: Observed,
  hosts: readonly string[],
): (Action & { kind: 'issue' }) | undefined {
  if (stored.kind !== 'present') return { kind: 'issue', reason: stored.kind, keepCa: false, stored };
  const facts = inspectMaterial(stored.material);
  if (facts === undefined) return { kind: 'issue', reason: 'unreadable', keepCa: false, stored };
  if (isDue(facts.ca, nowMs)) return { kind: 'issue', reason: 'ca_due', keepCa: false, stored };
  if (isDue(facts.leaf, nowMs)) return { kind: 'issue', reason: 'certificate_due', keepCa: true, stored };
  const isSame = hosts.length === facts.hosts.length && hosts.every(host => facts.hosts.includes(host));
  return isSame ? undefined : { kind: 'issue', reason: 'hosts_changed', keepCa: true, stored };
}
