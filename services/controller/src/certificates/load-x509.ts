/** The library that writes certificates. */
export type X509Library = typeof import('@peculiar/x509');

/**
 * Loads @peculiar/x509, which takes 0.1 s: only for who makes a certificate, so that no start of a process waits for it.
 * Its container (tsyringe) stops at import unless `Reflect.getMetadata` is there; the polyfill comes first for that alone.
 */
export async function loadX509(): Promise<X509Library> {
  await import('reflect-metadata/lite');
  return import('@peculiar/x509');
}
