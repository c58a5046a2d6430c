import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Extension, Name } from '@peculiar/x509';
import { hostNames } from './host-names.ts';
import { loadX509, type X509Library } from './load-x509.ts';

/** A certificate and its private key, as PEM (PKCS#8). */
export type KeyPair = { readonly certPem: string; readonly keyPem: string };

/** When a certificate holds, milliseconds since 1970. */
export type Validity = { readonly notBeforeMs: number; readonly notAfterMs: number };

/** What a certificate is for. */
export type Purpose = 'authority' | 'server' | 'client';

/** What a certificate says. An `authority` signs others and nothing else; only a `server` has hosts. */
export type CertificateRequest = {
  readonly purpose: Purpose;
  readonly commonName: string;
  readonly hosts: readonly string[];
  readonly validity: Validity;
  /** 15 random bytes, 19 at most; unique for each issuer. */
  readonly serial: Uint8Array;
  /** Who signs; `undefined`: itself. */
  readonly issuer: { readonly commonName: string; readonly key: KeyObject } | undefined;
};

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** Makes an X.509 v3 certificate (RFC 5280) for a new P-256 key, signed with ECDSA and SHA-256 by a P-256 key. */
export async function issueCertificate(request: CertificateRequest): Promise<KeyPair> {
  const x509 = await loadX509();
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const issuer = request.issuer ?? { commonName: request.commonName, key: pair.privateKey };
  const publicKey = spki(pair.publicKey);
  const certificate = await x509.X509CertificateGenerator.create({
    // Positive and not zero, whatever the random bytes are (RFC 5280 §4.1.2.2).
    serialNumber: `01${Buffer.from(request.serial).toString('hex')}`,
    issuer: distinguishedName(x509, issuer.commonName),
    subject: distinguishedName(x509, request.commonName),
    notBefore: new Date(request.validity.notBeforeMs),
    notAfter: new Date(request.validity.notAfterMs),
    publicKey,
    signingKey: await signingKey(issuer.key),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      ...purposeExtensions(x509, request),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(spki(createPublicKey(issuer.key))),
    ],
  });
  return {
    certPem: `${certificate.toString('pem')}\n`,
    keyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function purposeExtensions(x509: X509Library, request: CertificateRequest): readonly Extension[] {
  const { BasicConstraintsExtension, ExtendedKeyUsage, KeyUsageFlags, KeyUsagesExtension } = x509;
  if (request.purpose === 'authority') {
    const signs = KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign;
    // A path length of 0: it signs leaves only.
    return [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(signs, true)];
  }
  const { serverAuth, clientAuth } = ExtendedKeyUsage;
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([request.purpose === 'server' ? serverAuth : clientAuth]),
    ...(request.hosts.length === 0
      ? []
      : [new x509.SubjectAlternativeNameExtension(hostNames(request.hosts))]),
  ];
}

/**
 * A name of one common name, always as UTF8String: Go compares issuer and subject byte by byte, so a CA that is stored
 * already goes on signing only while this stays the same. The library by itself would choose by the letters.
 */
function distinguishedName(x509: X509Library, commonName: string): Name {
  return new x509.Name([{ CN: [{ utf8String: commonName }] }]);
}

function spki(key: KeyObject): Buffer<ArrayBuffer> {
  return Buffer.from(key.export({ type: 'spki', format: 'der' }));
}

function signingKey(key: KeyObject): Promise<CryptoKey> {
  const pkcs8 = Buffer.from(key.export({ type: 'pkcs8', format: 'der' }));
  return crypto.subtle.importKey('pkcs8', pkcs8, P256, false, ['sign']);
}
