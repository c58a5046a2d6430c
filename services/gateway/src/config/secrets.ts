import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@kittiwake/base';
import type { ConfigProblem } from './config-problem.ts';

/** Files of the secrets directory that mean something; every other one is left alone. */
export const SECRET_NAMES = [
  'signing-key-current',
  'signing-key-previous',
  'api-key',
  'operations-key',
  'redis-password',
  'sentinel-password',
] as const;
export type SecretName = (typeof SECRET_NAMES)[number];

/** Contents of the secrets directory by file name, without the newline at the end. */
export type Secrets = { readonly [N in SecretName]?: string };

/** Bytes of one secret. */
const SECRET_BYTES_MAX = 16_384;

/** Reads the secrets directory; absent and empty files are absent secrets. */
export async function readSecrets(directory: string): Promise<Result<Secrets, readonly ConfigProblem[]>> {
  const present = await readdir(directory).catch(() => undefined);
  if (present === undefined)
    return err([
      { path: 'KITTIWAKE_SECRETS_DIR', problem: `${directory} is not a directory that can be read` },
    ]);
  const secrets: { [N in SecretName]?: string } = {};
  const problems: ConfigProblem[] = [];
  for (const name of SECRET_NAMES.filter(known => present.includes(known))) {
    const secret = await readSecret(join(directory, name));
    if (!secret.ok) problems.push({ path: `secrets/${name}`, problem: secret.error });
    else if (secret.value !== '') secrets[name] = secret.value;
  }
  return problems.length > 0 ? err(problems) : ok(secrets);
}

async function readSecret(path: string): Promise<Result<string, string>> {
  try {
    const { size } = await stat(path);
    if (size > SECRET_BYTES_MAX) return err(`is larger than ${SECRET_BYTES_MAX} bytes`);
    return ok((await readFile(path, 'utf8')).replace(/[\r\n]+$/, ''));
  } catch {
    return err('cannot be read');
  }
}
