import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  bitString,
  booleanTrue,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  Tag,
  time,
  tlv,
  utf8String,
} from './der.ts';
import { subjectAlternativeNames } from './subject-alternative-names.ts';

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
  /** 16 random bytes; unique for each issuer. */
  readonly serial: Uint8Array;
  /** Who signs; `undefined`: itself. */
  readonly issuer: { readonly commonName: string; readonly key: KeyObject } | undefined;
};

const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const COMMON_NAME = objectIdentifier('2.5.4.3');
const SERVER_AUTH = objectIdentifier('1.3.6.1.5.5.7.3.1');
const CLIENT_AUTH = objectIdentifier('1.3.6.1.5.5.7.3.2');

/** Writes an X.509 v3 certificate (RFC 5280) for a new P-256 key, signed with ECDSA and SHA-256. */
export function issueCertificate(request: CertificateRequest): KeyPair {
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const issuer = request.issuer ?? { commonName: request.commonName, key: pair.privateKey };
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(positive(request.serial)),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer.commonName),
    sequence(time(request.validity.notBeforeMs), time(request.validity.notAfterMs)),
    distinguishedName(request.commonName),
    spki(pair.publicKey),
    explicit(3, sequence(...extensions(request, pair.publicKey, createPublicKey(issuer.key)))),
  );
  const certificate = sequence(
    toBeSigned,
    ECDSA_WITH_SHA256,
    bitString(sign('sha256', toBeSigned, issuer.key)),
  );
  return {
    certPem: pem(certificate),
    keyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function extensions(
  request: CertificateRequest,
  subjectKey: KeyObject,
  issuerKey: KeyObject,
): readonly Buffer[] {
  const common = [
    extension('2.5.29.14', octetString(keyIdentifier(subjectKey))),
    extension('2.5.29.35', sequence(implicit(0, keyIdentifier(issuerKey)))),
  ];
  if (request.purpose === 'authority') {
    // A CA that may sign leaves only (pathLenConstraint 0); keyCertSign is bit 5, cRLSign bit 6.
    return [
      critical('2.5.29.19', sequence(booleanTrue(), integer(Buffer.from([0])))),
      critical('2.5.29.15', bitString(Buffer.from([0b0000_0110]), 1)),
      ...common,
    ];
  }
  return [
    critical('2.5.29.19', sequence()),
    critical('2.5.29.15', bitString(Buffer.from([0b1000_0000]), 7)),
    extension('2.5.29.37', sequence(request.purpose === 'server' ? SERVER_AUTH : CLIENT_AUTH)),
    ...(request.hosts.length === 0 ? [] : [extension('2.5.29.17', subjectAlternativeNames(request.hosts))]),
    ...common,
  ];
}

function extension(oid: string, value: Buffer): Buffer {
  return sequence(objectIdentifier(oid), octetString(value));
}

function critical(oid: string, value: Buffer): Buffer {
  return sequence(objectIdentifier(oid), booleanTrue(), octetString(value));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(tlv(Tag.set, sequence(COMMON_NAME, utf8String(commonName))));
}

/** Method 1 of RFC 5280 §4.2.1.2: SHA-1 of the key's bits, which are the last 65 bytes of a P-256 SubjectPublicKeyInfo. */
function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1').update(spki(key).subarray(-65)).digest();
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

/** Serial numbers are positive and not zero (RFC 5280 §4.1.2.2). */
function positive(serial: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x01]), serial]);
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
