import { kubectl, NAMESPACE, podsOf } from './kubectl.ts';

const ANSWER_MS = 10_000;
const SECONDS = 2;
/** Hundredths of a second of a core that process 1 of the container takes in that time (proc_pid_stat(5), utime and stime). */
const TAKEN = `taken() { read -r stat </proc/1/stat; set -- $stat; taken=$((\${14} + \${15})); }
taken; before=$taken; sleep ${SECONDS}; taken; echo $((taken - before))`;

/** What the busiest Sentinel takes of a core, from 0 to 1. */
export async function busiestSentinel(): Promise<number> {
  const pods = await podsOf('sentinel');
  const taken = await Promise.all(
    pods.map(({ metadata: { name } }) =>
      kubectl(['-n', NAMESPACE, 'exec', name, '--', 'sh', '-c', TAKEN], ANSWER_MS),
    ),
  );
  return Math.max(...taken.map(ticks => Number(ticks) / 100 / SECONDS));
}
