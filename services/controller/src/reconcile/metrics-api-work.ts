import { err, ok, type Result } from '@kittiwake/base';
import { type ApplyContext, type ApplyError, apply } from './apply.ts';
import type { Desired, Observed, ObservedApiService, StoredMaterial } from './observed.ts';
import { plan } from './plan.ts';
import type { ReconcileWork } from './reconciler.ts';

/** The key under which the serving certificate and the APIServices are reconciled. */
export const METRICS_API_KEY = 'metrics-api';

/** What observing calls. */
export type ObservePorts = {
  readMaterial(): Promise<Result<StoredMaterial, ApplyError>>;
  /** `undefined` where it was not applied. */
  readApiService(name: string): Promise<Result<ObservedApiService | undefined, ApplyError>>;
};

/** Observe, plan, apply: one run for the metrics API. */
export function createMetricsApiWork(
  observing: ObservePorts,
  desired: Desired,
  context: ApplyContext,
): ReconcileWork {
  return async () => {
    const observed = await observe(observing, desired, context.clock.nowMs());
    if (!observed.ok) return observed;
    return apply(plan(observed.value, desired), observed.value.material, context);
  };
}

async function observe(
  ports: ObservePorts,
  desired: Desired,
  nowMs: number,
): Promise<Result<Observed, ApplyError>> {
  const material = await ports.readMaterial();
  if (!material.ok) return err(material.error);
  const apiServices: ObservedApiService[] = [];
  for (const name of desired.apiServices) {
    const service = await ports.readApiService(name);
    if (!service.ok) return err(service.error);
    if (service.value !== undefined) apiServices.push(service.value);
  }
  return ok({ nowMs, material: material.value, apiServices });
}
