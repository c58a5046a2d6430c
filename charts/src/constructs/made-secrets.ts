/** The Secrets that the bootstrap Job makes when they are absent; a test compares them with what it does. */
export const MADE_SECRETS = [
  'kittiwake-signing-keys',
  'kittiwake-api-key',
  'kittiwake-operations-key',
  'kittiwake-redis',
  'kittiwake-tls',
] as const;
