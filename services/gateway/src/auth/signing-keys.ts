import { background, type Clock, every, type Result, type Timer } from '@kittiwake/base';
import { readHs256Keys } from '../config/build-auth.ts';
import type { ConfigProblem } from '../config/config-problem.ts';
import type { Hs256Keys } from '../config/gateway-config.ts';
import type { Secrets } from '../config/secrets.ts';
import type { Logger } from '../telemetry/logger.ts';

/** What noticing rotated keys needs. */
export type SigningKeysOptions = {
  /** Reads the secrets as they are now. */
  readonly read: () => Promise<Result<Secrets, readonly ConfigProblem[]>>;
  /** Takes changed keys: `verifier.rotate`. */
  readonly rotate: (keys: Hs256Keys) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default 10 s; the kubelet itself may take a minute to write a changed Secret. */
  readonly periodMs?: number;
};

/**
 * Looks at the signing keys again and again, and hands changed ones to the verifier (SPEC A3). Keys that are gone, too
 * short or unreadable change nothing: the ones in use stay.
 */
export class SigningKeys {
  readonly #options: SigningKeysOptions;
  #inUse: Hs256Keys | undefined;
  #timer: Timer | undefined;
  #busy = false;

  constructor(options: SigningKeysOptions, inUse: Hs256Keys | undefined) {
    this.#options = options;
    this.#inUse = inUse;
  }

  start(): void {
    const { clock, logger, periodMs = 10_000 } = this.#options;
    this.#timer ??= every(clock, periodMs, () =>
      background(this.poll(), 'signing-keys', () => logger.error('auth.signing_keys_failed')),
    );
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Looks once; does nothing while the last look still runs. */
  async poll(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await this.#look();
    } finally {
      this.#busy = false;
    }
  }

  async #look(): Promise<void> {
    const { read, rotate, logger } = this.#options;
    const secrets = await read();
    const problems: string[] = [];
    const keys = secrets.ok ? readHs256Keys(secrets.value, path => void problems.push(path)) : undefined;
    if (problems.length > 0 || keys === undefined) return logger.warn('auth.signing_keys_unreadable');
    if (keys.current === this.#inUse?.current && keys.previous === this.#inUse.previous) return;
    await rotate(keys);
    this.#inUse = keys;
    logger.info('auth.signing_keys_rotated', { previous: keys.previous !== undefined });
  }
}
