import { every, type Millis, type Timer } from '@kittiwake/base';
import type { BrokerStatus } from '../broker/broker-status.ts';
import { Admission } from '../limits/admission.ts';
import { coldRate } from '../limits/admission-rate.ts';
import type { GatewayParts } from './gateway-parts.ts';

/** What is felt of the gateway, so that newcomers are let in no faster than it can take (SPEC L6). */
export type AdmissionPulse = { start(): void; stop(): void };

/** How often it is felt; a crowd comes within a second. */
const PERIOD_MS: Millis = 100;

/** Builds admission, and what tells it how the gateway is doing: how late a timer is, and the status of the broker. */
export function wireAdmission({ config, clock, random, metrics, tier }: GatewayParts): {
  readonly admission: Admission;
  readonly pulse: AdmissionPulse;
} {
  const { burst, retryAfterMaxMs, ...bounds } = config.admission;
  const admission = new Admission({
    clock,
    random,
    bounds,
    rate: coldRate(bounds),
    burst,
    retryAfterMaxMs,
  });
  let timer: Timer | undefined;
  const report = (): void => {
    metrics.set('kittiwake_admission_rate', admission.perSecond);
    for (const client of ['resume', 'new'] as const)
      metrics.set('kittiwake_admission_wait_seconds', admission.waitMs(client) / 1_000, { client });
  };
  const pulse: AdmissionPulse = {
    start() {
      report();
      let lastMs = clock.monotonicMs();
      timer ??= every(clock, PERIOD_MS, () => {
        const nowMs = clock.monotonicMs();
        const elapsedMs = nowMs - lastMs;
        lastMs = nowMs;
        const lagMs = Math.max(0, elapsedMs - PERIOD_MS);
        admission.feel({ elapsedMs, lagMs, brokerReady: isReady(tier.broker.status()) });
        report();
      });
    },
    stop() {
      timer?.cancel();
      timer = undefined;
    },
  };
  return { admission, pulse };
}

function isReady({ phase }: BrokerStatus): boolean {
  return phase === 'ready';
}
