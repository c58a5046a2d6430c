import { until } from '@kittiwake/testkit';
import { isReady, kubectl, list, NAMESPACE, podsOf } from './kubectl.ts';

const SENTINELS = ['sentinel-0', 'sentinel-1', 'sentinel-2'];
const QUORUM = 2;
const ANSWER_MS = 5_000;

/** Asked within the pod, with the password that the pod has: nothing secret leaves it. */
const QUESTION =
  'redis-cli --user sentinel --pass "$(cat /etc/kittiwake/secrets/sentinel-password)" --no-auth-warning -p 26379 SENTINEL GET-MASTER-ADDR-BY-NAME kittiwake';

/** Name of the pod that the Sentinels say is primary. */
export async function primaryPod(): Promise<string> {
  return until(primaryNow, { timeoutMs: 30_000, what: 'a Sentinel that knows the primary' });
}

/** What most of the Sentinels say that answer in time: one that is cut off does not. */
async function primaryNow(): Promise<string | undefined> {
  const services = await list('services', '-n', NAMESPACE, '-l', 'app.kubernetes.io/component=redis');
  const named = await Promise.all(
    SENTINELS.map(async sentinel => {
      const reply = await execIn(sentinel, QUESTION, []).catch(() => '');
      const [address] = reply.split('\n');
      return services.find(({ spec }) => spec?.clusterIP === address)?.metadata.name;
    }),
  );
  return named.find(name => name !== undefined && named.filter(other => other === name).length >= QUORUM);
}

/** Runs a script in a pod; a pod that cannot be reached is given up soon. */
function execIn(pod: string, script: string, args: readonly string[]): Promise<string> {
  return kubectl(['-n', NAMESPACE, 'exec', pod, '--', 'sh', '-c', script, 'sh', ...args], ANSWER_MS);
}

/** Waits until all of Redis and its Sentinels are Ready again. */
export async function untilTierReady(timeoutMs = 60_000): Promise<void> {
  await until(
    async () => {
      const pods = [...(await podsOf('redis')), ...(await podsOf('sentinel'))];
      return pods.length === 6 && pods.every(isReady);
    },
    { timeoutMs, what: 'three Redis and three Sentinels Ready' },
  );
}

/** Asked within the pod as the gateway's user, with the password that the pod has. */
const COMMAND =
  'exec redis-cli --user gateway --pass "$(cat /etc/kittiwake/secrets/gateway-password)" --no-auth-warning --raw "$@"';

/** Runs one command at the primary, and returns the raw reply. */
export async function redisAt(...args: readonly string[]): Promise<string> {
  return execIn(await primaryPod(), COMMAND, args);
}

/** What `kubectl` is told for a `redis-cli` in a pod that reads its commands from standard input. */
export function redisExec(pod: string): readonly string[] {
  return ['-n', NAMESPACE, 'exec', '-i', pod, '--', 'sh', '-c', COMMAND, 'sh'];
}
