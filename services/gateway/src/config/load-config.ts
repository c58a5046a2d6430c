import { readFile } from 'node:fs/promises';
import { err, type Result } from '@kittiwake/base';
import type { ConfigProblem } from './config-problem.ts';
import type { GatewayConfig } from './gateway-config.ts';
import { type Environment, parseConfig } from './parse-config.ts';
import { readSecrets } from './secrets.ts';

/**
 * Reads the file that KITTIWAKE_CONFIG names and the secrets in KITTIWAKE_SECRETS_DIR, and makes the configuration.
 * Whatever is wrong with any of the three is in one list.
 */
export async function loadConfig(
  env: Environment = process.env,
): Promise<Result<GatewayConfig, readonly ConfigProblem[]>> {
  const problems: ConfigProblem[] = [];
  const text = await readText(env['KITTIWAKE_CONFIG'], problems);
  const directory = env['KITTIWAKE_SECRETS_DIR'];
  const secrets = directory === undefined ? undefined : await readSecrets(directory);
  if (secrets?.ok === false) problems.push(...secrets.error);
  if (text === undefined) return err(problems);
  const config = parseConfig(text, env, secrets?.ok === true ? secrets.value : {});
  if (problems.length === 0) return config;
  return err([...problems, ...(config.ok ? [] : config.error)]);
}

async function readText(path: string | undefined, problems: ConfigProblem[]): Promise<string | undefined> {
  if (path === undefined || path === '') {
    problems.push({ path: 'KITTIWAKE_CONFIG', problem: 'is missing: the path of the configuration file' });
    return undefined;
  }
  try {
    return await readFile(path, 'utf8');
  } catch {
    problems.push({ path: 'KITTIWAKE_CONFIG', problem: `${path} cannot be read` });
    return undefined;
  }
}
