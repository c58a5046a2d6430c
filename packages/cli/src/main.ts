#!/usr/bin/env node
import { systemClock, systemRandom } from '@kittiwake/base';
import { createClusterPort } from './cluster/cluster-port.ts';
import { createReadSecret } from './read-secret.ts';
import { runCli } from './run-cli.ts';

/** Entry point of `npx kittiwake`. */
const stopped = new AbortController();
process.once('SIGINT', () => stopped.abort());
// The clock's timers do not keep a process alive, and between two looks nothing else does.
const alive = new MessageChannel();
alive.port1.onmessage = () => {};
const code = await runCli(process.argv.slice(2), {
  clock: systemClock,
  random: systemRandom,
  readSecret: createReadSecret(systemClock),
  cluster: createClusterPort(systemClock),
  stopped: stopped.signal,
  isTerminal: process.stdout.isTTY,
  out: text => void process.stdout.write(text),
  error: text => void process.stderr.write(text),
});
// A cluster that does not answer would keep its socket, and the process, open.
process.stdout.write('', () => process.exit(code));
