import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { until } from './until.ts';

/** What to start, and how to know that it is ready. */
export type ChildOptions = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A line of its output that says so. */
  readonly readyLine?: RegExp;
  /** Asked again and again until true. */
  readonly isReady?: () => Promise<boolean>;
  /** File that its output is appended to, all of it. */
  readonly logFile?: string;
  /** For becoming ready; 10 s where absent. */
  readonly timeoutMs?: number;
};

/** A running process. */
export type Child = {
  readonly pid: number;
  /** Everything that it wrote so far, at most the last 256 KB. */
  output(): string;
  readonly running: boolean;
  /** SIGTERM, then SIGKILL after `graceMs` (3 s); returns the exit code. Does nothing to a process that has ended. */
  stop(graceMs?: number): Promise<number | null>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** SIGSTOP: it hangs, its sockets stay open. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  signal(name: NodeJS.Signals): void;
};

const OUTPUT_MAX = 262_144;
const leftovers = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of leftovers) child.kill('SIGKILL');
});

/** Starts a process and waits until it is ready; a process that ends before that is an error that shows its output. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const child = spawn(options.command, [...options.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.env !== undefined && { env: { ...process.env, ...options.env } }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  leftovers.add(child);
  const exited = new Promise<number | null>(resolve => {
    child.once('exit', code => {
      leftovers.delete(child);
      resolve(code);
    });
  });
  const output = collect(child, options.logFile);
  await started(child);
  const handle = toChild(child, output, exited);
  try {
    await until(() => becomeReady(handle, options), {
      timeoutMs: options.timeoutMs ?? 10_000,
      what: `${options.command} is ready`,
    });
  } catch (reason) {
    await handle.kill();
    throw new Error(`${String(reason)}\n${output()}`);
  }
  return handle;
}

async function started(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) await once(child, 'spawn');
}

async function becomeReady(child: Child, options: ChildOptions): Promise<boolean> {
  if (!child.running) throw new Error(`${options.command} ended before it was ready`);
  if (options.readyLine !== undefined) return options.readyLine.test(child.output());
  return options.isReady === undefined || (await options.isReady());
}

function collect(child: ChildProcess, logFile: string | undefined): () => string {
  let text = '';
  const file = logFile === undefined ? undefined : createWriteStream(logFile, { flags: 'a' });
  child.once('close', () => file?.end());
  const append = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-OUTPUT_MAX);
    file?.write(chunk);
  };
  child.stdout?.on('data', append);
  child.stderr?.on('data', append);
  return () => text;
}

function toChild(child: ChildProcess, output: () => string, exited: Promise<number | null>): Child {
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const send = (name: NodeJS.Signals): void => void (running() && child.kill(name));
  return {
    pid: child.pid ?? 0,
    output,
    get running() {
      return running();
    },
    async stop(graceMs = 3_000) {
      send('SIGTERM');
      await until(() => !running(), { timeoutMs: graceMs }).catch(() => send('SIGKILL'));
      return exited;
    },
    async kill() {
      send('SIGKILL');
      await exited;
    },
    pause: () => send('SIGSTOP'),
    resume: () => send('SIGCONT'),
    signal: send,
  };
}
