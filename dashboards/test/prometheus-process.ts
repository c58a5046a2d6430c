import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deferred } from '@kittiwake/base';
import { freePort } from '@kittiwake/testkit';
import { stringify } from 'yaml';
import { syntheticExposition } from './synthetic-exposition.ts';

/** A Prometheus that has scraped the catalogue and evaluated the rules. */
export type RunningPrometheus = {
  /** Asks at the present moment; gives the series, or throws what Prometheus said. */
  query(expr: string): Promise<readonly unknown[]>;
  stop(): Promise<void>;
};

/** Why there is no Prometheus to test with, or `false`. */
export const prometheusAbsent =
  spawnSync('prometheus', ['--version']).error === undefined
    ? false
    : 'prometheus is not installed (Debian: prometheus)';

/** After so many scrapes rates exist, and the rules have been evaluated on them. */
const SCRAPES = 5;

/** Starts Prometheus on the rules and waits until it has scraped often enough. */
export async function startPrometheus(rulesYaml: string): Promise<RunningPrometheus> {
  const enough = deferred<void>();
  let scrapes = 0;
  const target = createServer((_, response) => {
    scrapes += 1;
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(syntheticExposition(scrapes));
    if (scrapes > SCRAPES) enough.resolve();
  });
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  const directory = mkdtempSync(join(tmpdir(), 'kittiwake-prometheus-'));
  const port = await freePort();
  const child = spawnPrometheus(directory, port, {
    rulesYaml,
    targetPort: (target.address() as AddressInfo).port,
  });
  const exited = once(child, 'exit');
  await Promise.race([
    enough.promise,
    exited.then(() => Promise.reject(new Error('prometheus ended before it had scraped'))),
  ]);
  return {
    query: expr => query(port, expr),
    async stop() {
      child.kill('SIGTERM');
      await exited;
      target.closeAllConnections();
      target.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function spawnPrometheus(
  directory: string,
  port: number,
  source: { readonly rulesYaml: string; readonly targetPort: number },
): ChildProcess {
  const config = join(directory, 'prometheus.yaml');
  // Evaluate every second whatever the groups say, so that the test need not wait half a minute.
  writeFileSync(join(directory, 'rules.yaml'), source.rulesYaml.replaceAll('interval: 30s', 'interval: 1s'));
  writeFileSync(
    config,
    stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yaml'],
      scrape_configs: [
        {
          job_name: 'kittiwake',
          static_configs: [
            {
              targets: [`127.0.0.1:${source.targetPort}`],
              labels: { namespace: 'kittiwake', pod: 'gateway-0' },
            },
          ],
        },
      ],
    }),
  );
  return spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
}

async function query(port: number, expr: string): Promise<readonly unknown[]> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expr }),
  });
  const body = (await response.json()) as {
    readonly status: string;
    readonly error?: string;
    readonly data?: { readonly result: readonly unknown[] };
  };
  if (body.status !== 'success' || body.data === undefined)
    throw new Error(body.error ?? `status ${response.status}`);
  return body.data.result;
}
