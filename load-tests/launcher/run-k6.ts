import { spawn } from 'node:child_process';

/** What a shell answers for a command that is not there. */
const NOT_FOUND = 127;

export const NO_K6 = `k6 is not installed, or not on the PATH. It is one file:
  macOS          brew install k6
  Debian/Ubuntu  https://grafana.com/docs/k6/latest/set-up/install-k6/
  with Go        go install go.k6.io/k6@v1.8.1
  a release      https://github.com/grafana/k6/releases/tag/v1.8.1
The scripts are made for k6 1.8 and later.`;

/** Runs k6 with its own output, and gives its exit status: 99 where thresholds were broken, 127 where there is no k6. */
export function runK6(args: readonly string[], directory: URL, command = 'k6'): Promise<number> {
  return new Promise(resolve => {
    const child = spawn(command, args, { cwd: directory, stdio: 'inherit' });
    // Ctrl-C goes to the whole process group: k6 ends by itself and still prints its summary.
    const wait = (): void => undefined;
    process.on('SIGINT', wait);
    const end = (status: number): void => {
      process.off('SIGINT', wait);
      resolve(status);
    };
    child.once('error', () => end(NOT_FOUND));
    child.once('exit', (status, signal) => end(status ?? (signal === null ? 1 : 128)));
  });
}
