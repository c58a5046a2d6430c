import { until } from '@kittiwake/testkit';
import { inNamespace, isReady, list, NAMESPACE, podsOf } from './kubectl.ts';

const SENTINELS = ['sentinel-0', 'sentinel-1', 'sentinel-2'];

/** Asked within the pod, with the password that the pod has: nothing secret leaves it. */
const QUESTION =
  'redis-cli --user sentinel --pass "$(cat /etc/kittiwake/secrets/sentinel-password)" --no-auth-warning -p 26379 SENTINEL GET-MASTER-ADDR-BY-NAME kittiwake';

/** Name of the pod that the Sentinels say is primary. */
export async function primaryPod(): Promise<string> {
  return until(primaryNow, { timeoutMs: 30_000, what: 'a Sentinel that knows the primary' });
}

async function primaryNow(): Promise<string | undefined> {
  const services = await list('services', '-n', NAMESPACE, '-l', 'app.kubernetes.io/component=redis');
  for (const sentinel of SENTINELS) {
    const reply = await inNamespace('exec', sentinel, '--', 'sh', '-c', QUESTION).catch(() => '');
    const [address] = reply.split('\n');
    const service = services.find(({ spec }) => spec?.clusterIP === address);
    if (service !== undefined) return service.metadata.name;
  }
  return undefined;
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
  return inNamespace('exec', await primaryPod(), '--', 'sh', '-c', COMMAND, 'sh', ...args);
}
