import { listenForSignals } from '../lifecycle/signals.ts';
import { type DevGateways, startDevGateways } from './dev-gateways.ts';
import { DEV_HELP, parseDevOptions } from './dev-options.ts';

/** `npm start`: see `--help`. */
const options = parseDevOptions(process.argv.slice(2));
if (!options.ok) fail(`${options.error}\n\n${DEV_HELP}`, 2);
if (options.value.help) {
  console.log(DEV_HELP);
  process.exit(0);
}
const gateways = await startDevGateways(options.value).catch((reason: NodeJS.ErrnoException) =>
  fail(
    reason.code === 'EADDRINUSE'
      ? `${reason.message}\nSomething listens there already: end it, or choose other ports with --port N.`
      : `cannot start: ${reason.message}`,
    1,
  ),
);
if (!gateways.ok) fail(gateways.error, 1);
console.log(banner(gateways.value));
const leave = (): void => void gateways.value.stop().then(() => process.exit(0));
listenForSignals(process, { drain: leave, now: () => process.exit(1) });

function banner({ ports, apiKey }: DevGateways): string {
  const first = ports[0];
  const lines = ports.map(
    ({ clients, api, operations }, index) =>
      `  gateway-${index}   http://localhost:${clients}   API http://localhost:${api}   metrics http://localhost:${operations}/metrics`,
  );
  return [
    `\nKittiwake is up in ${Math.round(process.uptime() * 1_000)} ms. Open http://localhost:${first?.clients} in two tabs.\n`,
    ...lines,
    '',
    '  a token     npx kittiwake token --user alice --join "chat:*"',
    `  publish     curl -H "Authorization: Bearer ${apiKey}" -H "content-type: application/json" \\`,
    `                -d '{"channel":"chat:lobby","event":"chat:message:send","data":{"text":"hello"}}' http://localhost:${first?.api}/v1/publish`,
    '\nFor development only: anyone who reaches the port gets a token. Ctrl-C ends it.',
  ].join('\n');
}

function fail(message: string, status: number): never {
  console.error(message);
  process.exit(status);
}
