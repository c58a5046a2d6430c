import { background } from '@kittiwake/base';
import type { ControllerParts } from './controller-parts.ts';
import type { FleetPorts } from './fleet/fleet-ports.ts';
import { createEventRecorder } from './kube/event-recorder.ts';
import type { KubeClient } from './kube/kube-client.ts';
import type { DecisionLog } from './status/decision-log.ts';

/** Says what was decided. */
export type Announce = FleetPorts['announce'];

/** Decisions are seen by whoever operates the cluster: as Events, in the log and in the status. An Event that gets lost is only logged. */
export function wireAnnounce(
  { config, clock, random, logger, onFailure }: ControllerParts,
  client: KubeClient,
  log: DecisionLog,
): Announce {
  const pod = { namespace: config.namespace, name: config.podName };
  const record = createEventRecorder(client, { clock, random }, pod);
  const announce = async (...said: Parameters<Announce>): Promise<void> => {
    const recorded = await record(...said);
    if (!recorded.ok) logger.warn('event.lost', { reason: said[0], message: recorded.error.message });
  };
  return (reason, note, about) => {
    logger.info('decision', { reason, note });
    log.add({ at: new Date(clock.nowMs()).toISOString(), reason, note });
    background(announce(reason, note, about), 'event', onFailure);
  };
}
