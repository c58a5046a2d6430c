import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Child, startChild, type TierPlace } from '@kittiwake/testkit';

const SCRIPT = join(import.meta.dirname, '../../../charts/src/scripts/sentinel-hasten.sh');

/** Runs beside each Sentinel what the charts run there: the script that hastens a failover. */
export async function startHelpers(
  places: readonly TierPlace[],
  { folder, password }: { readonly folder: string; readonly password: string },
): Promise<readonly Child[]> {
  const secrets = join(folder, 'sentinel-secrets');
  await mkdir(secrets, { recursive: true });
  await writeFile(join(secrets, 'sentinel-password'), password);
  const peers = places.map(({ host, redisPort, announced }) =>
    announced === undefined ? `${host}:${redisPort}` : `${announced.host}:${announced.port}`,
  );
  return Promise.all(
    places.map(({ host, sentinelPort, namespace }, index) => {
      const sentinel = `${host}:${sentinelPort}`;
      const env = {
        REDIS_PEERS: peers.join(' '),
        SECRETS_DIR: secrets,
        SELF: sentinel,
        LOCAL_SENTINEL: sentinel,
      };
      return startChild({
        command: namespace === undefined ? 'sh' : 'ip',
        args: namespace === undefined ? [SCRIPT] : ['netns', 'exec', namespace, 'sh', SCRIPT],
        env,
        logFile: join(folder, `hasten-${index + 1}.log`),
      });
    }),
  );
}
