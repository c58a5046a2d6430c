import { JwksCache } from '../auth/jwks-cache.ts';
import { JwtVerifier } from '../auth/jwt-verifier.ts';
import { SigningKeys } from '../auth/signing-keys.ts';
import type { TokenVerifier } from '../auth/token-verifier.ts';
import { readSecrets } from '../config/secrets.ts';
import type { GatewayParts } from './gateway-parts.ts';

/** Token verification with the keys kept fresh. */
export type Auth = { readonly verifier: TokenVerifier; start(): Promise<void>; stop(): void };

/** Builds the verifier; keys come from the configuration, a JWKS, and rotated files of the secrets directory. */
export function wireAuth({ config, clock, log }: GatewayParts): Auth {
  const { auth, secretsDirectory } = config;
  const logger = log.child({ room: 'auth' });
  const publicKeys = auth.jwks === undefined ? undefined : new JwksCache({ jwks: auth.jwks, clock, logger });
  const verifier = new JwtVerifier({ auth, clock, ...(publicKeys === undefined ? {} : { publicKeys }) });
  const signingKeys =
    secretsDirectory === undefined
      ? undefined
      : new SigningKeys(
          { read: () => readSecrets(secretsDirectory), rotate: keys => verifier.rotate(keys), clock, logger },
          auth.hs256,
        );
  return {
    verifier,
    async start() {
      await verifier.start();
      await publicKeys?.start();
      signingKeys?.start();
    },
    stop() {
      signingKeys?.stop();
      void publicKeys?.stop();
    },
  };
}
