import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Random } from '@kittiwake/base';
import { issueCertificate, type KeyPair } from './certificate.ts';

/** What the metrics API serves with, all PEM. `caPem` holds the signing CA first, then earlier ones that still count. */
export type ServingMaterial = {
  readonly caPem: string;
  readonly caKeyPem: string;
  readonly certPem: string;
  readonly keyPem: string;
};

/** What can be read from material; a text where it does not fit together. */
export type MaterialFacts = {
  readonly hosts: readonly string[];
  readonly leaf: Lifetime;
  readonly ca: Lifetime;
};

/** When a certificate holds, milliseconds since 1970. */
export type Lifetime = { readonly notBeforeMs: number; readonly notAfterMs: number };

/** How long certificates live. */
export type Lifetimes = { readonly caMs: number; readonly leafMs: number };

const DAY_MS = 86_400_000;

/** Ten years for the CA, 90 days for what it signs. */
export const LIFETIMES: Lifetimes = { caMs: 3_650 * DAY_MS, leafMs: 90 * DAY_MS };

/** Clocks of pods and API servers differ; a certificate is valid from a little before it was made. */
const BACKDATE_MS = 5 * 60_000;
const CAS_KEPT_MAX = 3;
const CA_NAME = 'kittiwake-controller-ca';

/** [R5] Whether two thirds of a life are over, which is when a certificate is replaced. */
export function isDue(lifetime: Lifetime, nowMs: number): boolean {
  return nowMs >= lifetime.notBeforeMs + ((lifetime.notAfterMs - lifetime.notBeforeMs) * 2) / 3;
}

/** Reads material; `undefined` where a part is unreadable, or key, certificate and CA do not belong together. */
export function inspectMaterial(material: ServingMaterial): MaterialFacts | undefined {
  try {
    const leaf = new X509Certificate(material.certPem);
    const [ca] = splitPem(material.caPem).map(pem => new X509Certificate(pem));
    if (ca === undefined || !leaf.verify(ca.publicKey) || !leaf.checkIssued(ca)) return undefined;
    if (!leaf.checkPrivateKey(createPrivateKey(material.keyPem))) return undefined;
    const caKey = createPrivateKey(material.caKeyPem);
    // Another curve or kind of key could not sign what we issue.
    if (caKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1' || !ca.checkPrivateKey(caKey))
      return undefined;
    const names = (leaf.subjectAltName ?? '').split(', ').map(name => name.replace(/^(DNS|IP Address):/, ''));
    return { hosts: names, leaf: lifetimeOf(leaf), ca: lifetimeOf(ca) };
  } catch {
    return undefined;
  }
}

/** What to make material from. */
export type Issue = {
  readonly hosts: readonly string[];
  readonly nowMs: number;
  readonly lifetimes: Lifetimes;
  readonly random: Random;
  /** The material so far. `keepCa`: its CA signs the new certificate; otherwise a new CA does, and the old ones stay trusted. */
  readonly previous: { readonly material: ServingMaterial; readonly keepCa: boolean } | undefined;
};

/** Makes new material. A new CA is put before the old ones, so that replicas which still serve the old certificate stay trusted. */
export async function issueMaterial(issue: Issue): Promise<ServingMaterial> {
  const { previous, nowMs, lifetimes } = issue;
  if (previous?.keepCa === true) {
    const { caPem, caKeyPem } = previous.material;
    return { caPem, caKeyPem, ...(await leafOf(issue, caKeyPem)) };
  }
  const ca = await issueCertificate({
    purpose: 'authority',
    commonName: CA_NAME,
    hosts: [],
    validity: { notBeforeMs: nowMs - BACKDATE_MS, notAfterMs: nowMs + lifetimes.caMs },
    serial: serial(issue.random),
    issuer: undefined,
  });
  const older =
    previous === undefined ? [] : splitPem(previous.material.caPem).filter(pem => isCurrent(pem, nowMs));
  return {
    caPem: [ca.certPem, ...older].slice(0, CAS_KEPT_MAX).join(''),
    caKeyPem: ca.keyPem,
    ...(await leafOf(issue, ca.keyPem)),
  };
}

/** The certificates of a bundle, each with its frame. */
export function splitPem(bundle: string): readonly string[] {
  return (bundle.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map(
    pem => `${pem}\n`,
  );
}

function leafOf({ hosts, nowMs, lifetimes, random }: Issue, caKeyPem: string): Promise<KeyPair> {
  return issueCertificate({
    purpose: 'server',
    commonName: hosts[0] ?? CA_NAME,
    hosts,
    validity: { notBeforeMs: nowMs - BACKDATE_MS, notAfterMs: nowMs + lifetimes.leafMs },
    serial: serial(random),
    issuer: { commonName: CA_NAME, key: createPrivateKey(caKeyPem) },
  });
}

function isCurrent(pem: string, nowMs: number): boolean {
  try {
    return new X509Certificate(pem).validToDate.getTime() > nowMs;
  } catch {
    return false;
  }
}

function lifetimeOf(certificate: X509Certificate): Lifetime {
  return { notBeforeMs: certificate.validFromDate.getTime(), notAfterMs: certificate.validToDate.getTime() };
}

function serial(random: Random): Uint8Array {
  return Buffer.from(random.hex(15), 'hex');
}
