import { listenForSignals } from '../lifecycle/signals.ts';
import { describeStart } from './describe-start.ts';
import { startDevGateways } from './dev-gateways.ts';
import { DEV_HELP, parseDevOptions } from './dev-options.ts';

/** `npm start`: see `--help`. */
const options = parseDevOptions(process.argv.slice(2));
if (!options.ok) fail(`${options.error}\n\n${DEV_HELP}`, 2);
if (options.value.help) {
  console.log(DEV_HELP);
  process.exit(0);
}
const gateways = await startDevGateways(options.value);
if (!gateways.ok) fail(gateways.error, 1);
console.log(describeStart({ ...gateways.value, uptimeMs: process.uptime() * 1_000 }));
const leave = (): void => void gateways.value.stop().then(() => process.exit(0));
listenForSignals(process, { drain: leave, now: () => process.exit(1) });

function fail(message: string, status: number): never {
  console.error(message);
  process.exit(status);
}
