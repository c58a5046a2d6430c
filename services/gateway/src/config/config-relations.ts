import { LIMITS } from '@kittiwake/protocol';
import type { Report } from './config-problem.ts';
import type { GatewayConfig } from './gateway-config.ts';

/** What the end of a drain needs besides its window: closing handshakes, last writes, process exit. */
const DRAIN_TAIL_MS = 5_000;

/** Reports numbers that are each fine and contradict each other (F5). */
export function reportRelations(config: GatewayConfig, report: Report): void {
  reportDrain(config, report);
  reportLimits(config, report);
  reportAdmission(config, report);
  const { heartbeat, auth } = config;
  if (heartbeat.intervalMs === 0) report('heartbeat.interval', 'must be longer than 0');
  if (heartbeat.timeoutMs === 0 || heartbeat.timeoutMs >= heartbeat.intervalMs) {
    report('heartbeat.timeout', 'must be longer than 0 and shorter than heartbeat.interval');
  }
  if (auth.maxTokenLifetimeMs <= auth.leewayMs)
    report('auth.maxTokenLifetime', 'must be longer than auth.leeway');
  if (auth.leewayMs > 300_000) report('auth.leeway', 'must be at most 5m');
  const ports = Object.values(config.ports).filter(port => port !== 0);
  if (new Set(ports).size < ports.length) report('ports', 'must be three different ports');
}

function reportDrain({ drain, limits }: GatewayConfig, report: Report): void {
  const neededMs = drain.readinessDelayMs + drain.holdMs + drain.windowMs + DRAIN_TAIL_MS;
  if (neededMs >= drain.graceMs) {
    report(
      'drain.grace',
      `must be longer than readinessDelay + hold + window + ${DRAIN_TAIL_MS / 1_000}s, which is ${neededMs / 1_000}s`,
    );
  }
  // The last ones that are asked need time to move.
  const handedOver = (drain.ratePerSecond * (drain.windowMs - drain.moveMs)) / 1_000;
  if (handedOver < limits.connectionsMax) {
    report(
      'drain.ratePerSecond',
      `hands over ${Math.floor(handedOver)} of ${limits.connectionsMax} connections within the window`,
    );
  }
}

/** A second sees the rate and the burst together: no more than one and a half times what was asked for (SPEC L6). */
function reportAdmission({ admission }: GatewayConfig, report: Report): void {
  if (admission.perSecondMin > admission.perSecondMax)
    report('admission.floorPerSecond', 'must be at most admission.perSecond');
  if (admission.burst > admission.perSecondMax / 2)
    report('admission.burst', 'must be at most half of admission.perSecond');
  if (admission.retryAfterMaxMs < 2_000 || admission.retryAfterMaxMs > 300_000)
    report('admission.retryAfterMax', 'must be from 2s to 5m');
}

function reportLimits({ limits }: GatewayConfig, report: Report): void {
  if (limits.connectionsPerAddressMax > limits.connectionsMax) {
    report('limits.connectionsPerAddress', 'must be at most limits.connections');
  }
  if (limits.outboxBytesMax < 2 * LIMITS.messageBytesMax) {
    report(
      'limits.outbox',
      `must hold two of the largest messages: ${(2 * LIMITS.messageBytesMax) / 1_024}KiB`,
    );
  }
  if (limits.connectTimeoutMs < 1_000 || limits.connectTimeoutMs > 60_000) {
    report('limits.connectTimeout', 'must be from 1s to 60s');
  }
}
