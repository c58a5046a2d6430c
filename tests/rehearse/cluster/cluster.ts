import { GatewayWatch } from './gateway-watch.ts';
import { KubeDoor } from './kube-door.ts';
import { RedisDoor } from './redis-door.ts';

/** A cluster as a rehearsal looks at it. */
export type Cluster = {
  readonly door: KubeDoor;
  readonly watch: GatewayWatch;
  readonly redis: RedisDoor;
  close(): void;
};

/** Looks at the cluster of KUBECONFIG from now on. */
export async function openCluster(): Promise<Cluster> {
  const door = await KubeDoor.open();
  const watch = new GatewayWatch(door);
  await watch.start();
  const redis = new RedisDoor();
  return {
    door,
    watch,
    redis,
    close() {
      watch.stop();
      redis.close();
      door.close();
    },
  };
}
