import { err, ok, type Result } from '@kittiwake/base';
import type { Fleet, Gateway } from '../src/fleet/fleet.ts';
import type { FleetPorts, HandoverPort } from '../src/fleet/fleet-ports.ts';
import type { HandoverAnswer, HandoverError, HandoverRequest } from '../src/gateways/handover.ts';
import type { Metrics } from '../src/telemetry/metrics.ts';
import { aFleet } from './a-gateway.ts';

/** The ports of what acts on the gateways; remembers what was told and said. */
export class FakePorts implements FleetPorts, HandoverPort {
  now: Fleet = aFleet([]);
  hasLease = true;
  refusal: HandoverError['kind'] | undefined;
  readonly told: string[] = [];
  readonly said: string[] = [];

  fleet(): Fleet {
    return this.now;
  }

  holdsLease(): boolean {
    return this.hasLease;
  }

  announce(reason: string, note: string, about?: { readonly name: string }): void {
    this.said.push(`${reason} ${about?.name}: ${note}`);
  }

  async handOver(
    { pod, status }: Gateway,
    request: HandoverRequest,
  ): Promise<Result<HandoverAnswer, HandoverError>> {
    this.told.push(`${pod.name} ${Object.values(request).join(' ')}`);
    if (this.refusal !== undefined) return err({ kind: this.refusal, message: 'no' });
    return ok({ sessions: request.do === 'shed' ? request.sessions : (status?.sessions ?? 0), doneInMs: 1 });
  }
}

/** Metrics that remember counts, as `name{label value}`. */
export class CountingMetrics implements Metrics {
  readonly counts = new Map<string, number>();

  readonly count: Metrics['count'] = (name, n, ...[labels]) => {
    const key = [name, ...Object.values(labels ?? {})].join(' ');
    this.counts.set(key, (this.counts.get(key) ?? 0) + n);
  };
  readonly set: Metrics['set'] = (name, value, ...[labels]) =>
    void this.counts.set([name, ...Object.values(labels ?? {})].join(' '), value);
  readonly observe: Metrics['observe'] = () => {};
}
