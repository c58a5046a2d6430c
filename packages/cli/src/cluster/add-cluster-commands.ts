import type { Command } from 'commander';
import { type ClusterDeps, drainGateway, rebalanceNow, showStatus } from './cluster-commands.ts';

const CODES = 'Exit codes: 0 done, 1 could not do it, 2 wrong usage.';

const STATUS_EXAMPLES = `
Examples:
  $ npx kittiwake status
  $ npx kittiwake status --watch
  $ npx kittiwake status --json | jq '.gateways[] | {name, sessions}'

${CODES}`;

const DRAIN_EXAMPLES = `
Examples:
  $ npx kittiwake drain gateway-6f7d8c9b5-x2x7k
  $ npx kittiwake drain gateway-6f7d8c9b5-x2x7k && npx kittiwake status --watch

The gateway stops being ready and hands its sessions over at the pace that the others take; the pod stays, so that you
can look into it. Delete it when it is drained.

${CODES}`;

const REBALANCE_EXAMPLES = `
Examples:
  $ npx kittiwake rebalance --dry-run
  $ npx kittiwake rebalance

The controller does this by itself when the spread is above 25 % for a while; this asks for it now. Switch it off with
  $ kubectl -n kittiwake annotate deployment gateway kittiwake.dev/rebalance=off

${CODES}`;

type Namespaced = { readonly namespace: string };

/** Adds `status`, `drain` and `rebalance`. */
export function addClusterCommands(program: Command, deps: ClusterDeps, done: (code: number) => void): void {
  const command = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .option('--namespace <name>', 'namespace in the cluster', 'kittiwake');
  command('status', 'Show the gateways of a running cluster, their sessions, drains and spread.')
    .option('--watch', 'show it again every two seconds')
    .option('--json', 'print the status as the controller wrote it')
    .addHelpText('after', STATUS_EXAMPLES)
    .action(async (options: Namespaced & { readonly watch?: boolean; readonly json?: boolean }) =>
      done(await showStatus(options, deps)),
    );
  command('drain <pod>', 'Have a gateway hand its sessions over to the others.')
    .addHelpText('after', DRAIN_EXAMPLES)
    .action(async (pod: string, options: Namespaced) => done(await drainGateway(pod, options, deps)));
  command('rebalance', 'Spread the sessions evenly over the gateways now.')
    .option('--dry-run', 'only show which gateways would shed how many')
    .addHelpText('after', REBALANCE_EXAMPLES)
    .action(async (options: Namespaced & { readonly dryRun?: boolean }) =>
      done(await rebalanceNow(options, deps)),
    );
}
