#!/usr/bin/env node
import { systemClock, systemRandom } from '@kittiwake/base';
import { createReadSecret } from './read-secret.ts';
import { runCli } from './run-cli.ts';

/** Entry point of `npx kittiwake`. */
const code = await runCli(process.argv.slice(2), {
  clock: systemClock,
  random: systemRandom,
  readSecret: createReadSecret(systemClock),
  out: text => void process.stdout.write(text),
  error: text => void process.stderr.write(text),
});
// A cluster that does not answer would keep its socket, and the process, open.
process.stdout.write('', () => process.exit(code));
