import type { ServingMaterial } from '../certificates/serving-material.ts';

/** The Secret with the serving certificate, as it is stored. `version` is needed to replace it. */
export type StoredMaterial =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly version: string }
  | { readonly kind: 'present'; readonly version: string; readonly material: ServingMaterial };

/** An APIService that exists, and the PEM bundle that it trusts (empty: none yet). */
export type ObservedApiService = { readonly name: string; readonly caPem: string };

/** What the cluster looked like at `nowMs` (wall clock: certificates are dated). */
export type Observed = {
  readonly nowMs: number;
  readonly material: StoredMaterial;
  /** Those of the desired APIServices that exist; one that was not applied is nobody's business. */
  readonly apiServices: readonly ObservedApiService[];
};

/** What it shall look like. */
export type Desired = { readonly hosts: readonly string[]; readonly apiServices: readonly string[] };
