import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { redisExec } from '../../cluster/lib/redis-primary.ts';

type Process = ChildProcessByStdio<Writable, Readable, null>;

type Asked = {
  readonly end: string;
  readonly lines: string[];
  readonly resolve: (reply: string) => void;
  readonly reject: (reason: Error) => void;
};

const ANSWER_MS = 5_000;

/** One `redis-cli` in a pod that stays open: what is asked every few seconds must not cost a process each time. */
export class RedisSession {
  readonly #process: Process;
  readonly #asked: Asked[] = [];
  #serial = 0;
  #ended = false;

  constructor(process: Process) {
    this.#process = process;
    createInterface({ input: process.stdout }).on('line', line => this.#line(line));
    process.stdin.on('error', () => {});
    process.on('exit', () => this.close());
  }

  static open(pod: string): RedisSession {
    return new RedisSession(spawn('kubectl', redisExec(pod), { stdio: ['pipe', 'pipe', 'ignore'] }));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Runs one command, and gives the reply as `redis-cli --raw` prints it. A session that does not answer in time ends. */
  ask(args: readonly string[]): Promise<string> {
    this.#serial += 1;
    const end = `end-${this.#serial}`;
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(new Error('the session with Redis has ended'));
        return;
      }
      const giveUp = AbortSignal.timeout(ANSWER_MS);
      giveUp.addEventListener('abort', () => {
        if (this.#asked.some(asked => asked.end === end)) this.close();
      });
      this.#asked.push({ end, lines: [], resolve, reject });
      // What it says to PING comes after the reply, and ends it.
      this.#process.stdin.write(`${args.map(quoted).join(' ')}\nPING ${end}\n`);
    });
  }

  close(): void {
    this.#ended = true;
    this.#process.kill('SIGKILL');
    for (const { reject } of this.#asked.splice(0)) reject(new Error('the session with Redis has ended'));
  }

  #line(line: string): void {
    const [first] = this.#asked;
    if (first === undefined) return;
    if (line !== first.end) {
      first.lines.push(line);
      return;
    }
    this.#asked.shift();
    first.resolve(first.lines.join('\n'));
  }
}

/** An argument as `redis-cli` reads it from a line. */
function quoted(arg: string): string {
  const escaped = arg.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped}"`;
}
