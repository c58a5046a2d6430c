import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { killChild } from '@kittiwake/testkit';
import type { CrowdAnswer, CrowdCommand, ProcessMeasure } from './crowd-command.ts';
import { type Niceness, setNiceness } from './niceness.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
/** For any command; a pause waits until every publish is settled. */
const ANSWER_MS = 180_000;

type Waiting = {
  readonly resolve: (value: number | ProcessMeasure | undefined) => void;
  readonly reject: (reason: Error) => void;
};

/** A process of clients, as the drill talks to it. It ends with the drill, whatever happens. */
export class CrowdProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: CrowdAnswer) => this.#answered(message));
    child.on('exit', code => this.#failAll(new Error(`a process of clients ended with ${code}`)));
  }

  /** Starts one. `niceness` says who gets the cores where they are shared with the cluster, and gives it a session of its own. */
  static start(niceness?: Niceness): CrowdProcess {
    const child = fork(MAIN, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: niceness !== undefined,
    });
    if (niceness !== undefined && child.pid !== undefined) setNiceness(child.pid, niceness);
    return new CrowdProcess(child);
  }

  async tell(command: CrowdCommand): Promise<void> {
    await this.#ask(command);
  }

  async behind(heads: { readonly [channel: string]: number }): Promise<number> {
    const value = await this.#ask({ do: 'behind', heads });
    return typeof value === 'number' ? value : Number.POSITIVE_INFINITY;
  }

  async measure(): Promise<ProcessMeasure> {
    const value = await this.#ask({ do: 'measure' });
    if (typeof value !== 'object') throw new Error('a process of clients did not measure itself');
    return value;
  }

  /** Stops the process where it stands, so that none of its clients reads; or lets it go on. */
  freeze(on: boolean): void {
    this.#child.kill(on ? 'SIGSTOP' : 'SIGCONT');
  }

  stop(): Promise<void> {
    return killChild(this.#child);
  }

  #ask(command: CrowdCommand): Promise<number | ProcessMeasure | undefined> {
    this.#asked += 1;
    const ask = this.#asked;
    return new Promise((resolve, reject) => {
      const giveUp = AbortSignal.timeout(ANSWER_MS);
      giveUp.addEventListener('abort', () => {
        if (this.#waiting.delete(ask)) reject(new Error(`no answer to ${command.do} in ${ANSWER_MS} ms`));
      });
      this.#waiting.set(ask, { resolve, reject });
      this.#child.send({ ask, command }, failure => {
        if (failure !== null && this.#waiting.delete(ask)) reject(failure);
      });
    });
  }

  #answered(message: CrowdAnswer): void {
    const waiting = this.#waiting.get(message.answer);
    this.#waiting.delete(message.answer);
    if ('failed' in message) waiting?.reject(new Error(message.failed));
    else waiting?.resolve(message.value);
  }

  #failAll(reason: Error): void {
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
