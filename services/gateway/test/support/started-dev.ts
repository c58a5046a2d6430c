import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@kittiwake/base';
import { type Client, createClient } from '@kittiwake/client';
import { type Child, startChild } from '@kittiwake/testkit';

/** The project's folder. */
export const ROOT = join(import.meta.dirname, '../../../..');

type Untyped = Record<never, never>;

/** What ends things: a test, or the hooks of a file. */
export type Ending = { after(end: () => unknown): void };

/** A running `npm start`, and what to do with it. */
export type StartedDev = {
  readonly child: Child;
  /** Client ports, as it printed them. */
  readonly ports: readonly number[];
  /** From the start of the process to the first 200 on `/`, in milliseconds. */
  readonly upMs: number;
  /** A connected client of `user` on the gateway with this index. */
  client(user: string, gateway: number): Client<Untyped>;
};

/** What `npm start` runs: the words of the script, `node` being this one. */
export async function startCommand(): Promise<readonly [command: string, ...args: string[]]> {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const [node, ...args] = String(scripts.start).split(' ');
  return [node === 'node' ? process.execPath : String(node), ...args];
}

/** Starts it with `args`, waits until its last gateway serves the page, and ends it with the test. */
export async function startDev(t: Ending, args: readonly string[]): Promise<StartedDev> {
  const [command, ...script] = await startCommand();
  const startedMs = systemClock.monotonicMs();
  const child = await startChild({
    command,
    args: [...script, ...args],
    cwd: ROOT,
    readyLine: /Kittiwake is up .*\n[\s\S]*Ctrl-C ends it/,
  });
  t.after(() => child.stop());
  const ports = [...child.output().matchAll(/gateway-\d+ +http:\/\/localhost:(\d+)/g)].map(match =>
    Number(match[1]),
  );
  const page = await fetch(`http://127.0.0.1:${ports[0]}/`);
  if (page.status !== 200) throw new Error(`the page is ${page.status}`);
  const upMs = systemClock.monotonicMs() - startedMs;
  return {
    child,
    ports,
    upMs,
    client(user, gateway) {
      const port = ports[gateway];
      const token = (): Promise<string> => fetchToken(port, user);
      const client = createClient({ url: `ws://127.0.0.1:${port}/v1/ws`, token, name: 'test' });
      t.after(() => client.close());
      client.connect();
      return client;
    },
  };
}

async function fetchToken(port: number | undefined, user: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/dev/token`, {
    method: 'POST',
    body: JSON.stringify({ user }),
  });
  return (await response.json()).token;
}
