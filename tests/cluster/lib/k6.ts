import { spawnSync } from 'node:child_process';
import { secret } from './access.ts';

/** What a run of k6 wrote down: values of each metric by statistic. */
export type K6Summary = {
  readonly metrics: {
    readonly [name: string]: { readonly values: { readonly [statistic: string]: number } };
  };
};

/** Whether there is a k6 on the PATH. */
export function hasK6(): boolean {
  return spawnSync('k6', ['version']).error === undefined;
}

/** What `load-tests/run.ts` is told by its environment: the key that signs its tokens, out of process lists. */
export async function k6Environment(): Promise<{ readonly GOGC: string; readonly SIGNING_KEY: string }> {
  // k6 shares the cores with the cluster here: its own pauses to collect garbage would be in what it measures.
  return { GOGC: '400', SIGNING_KEY: await secret('kittiwake-signing-keys', 'current') };
}
