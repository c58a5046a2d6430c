import { type Child, startChild } from './child-process.ts';

const STARTED_MS = 30_000;
const STARTED = /gateway\.started/;

/** What a gateway is started with. */
export type GatewayProcessOptions = {
  /** The file that is run: `main.ts` of the gateway, which this package knows nothing else of. */
  readonly main: string;
  /** The configuration file, and the directory of the secrets that it needs. */
  readonly config: string;
  readonly secrets: string;
  readonly id: string;
  /** Where its output goes, all of it; nowhere where absent. */
  readonly logFile?: string;
};

/** A gateway as its image starts it, and the ports on which it listens. */
export type GatewayProcess = {
  readonly child: Child;
  readonly clients: number;
  readonly api: number;
  readonly operations: number;
};

/** Starts a gateway as a process, and waits at most 30 s until it says that it has started, and where it listens. */
export async function startGatewayProcess({
  main,
  config,
  secrets,
  id,
  logFile,
}: GatewayProcessOptions): Promise<GatewayProcess> {
  const child = await startChild({
    command: process.execPath,
    args: [main],
    env: { KITTIWAKE_CONFIG: config, KITTIWAKE_SECRETS_DIR: secrets, KITTIWAKE_GATEWAY_ID: id },
    ...(logFile !== undefined && { logFile }),
    readyLine: STARTED,
    timeoutMs: STARTED_MS,
  });
  const lines = child.output().split('\n');
  return { child, ...JSON.parse(lines.find(line => STARTED.test(line)) ?? '{}') };
}
