import { listAt, numberAt, textAt } from '../decode/json-view.ts';

/** The gateways' HorizontalPodAutoscaler, as far as the controller cares. */
export type Autoscaler = {
  readonly name: string;
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  /** It would scale in, and waits: for the lower need to last, or for the next step to be allowed. */
  readonly isWaitingToScaleIn: boolean;
};

/** What the autoscaler calls waiting (kubernetes, pkg/controller/podautoscaler/horizontal.go). */
const WAITING = new Set(['ScaleDownStabilized', 'ScaleDownLimit']);

/** Reads a HorizontalPodAutoscaler (autoscaling/v2) of the API. */
export function toAutoscaler(autoscaler: unknown): Autoscaler | undefined {
  const name = textAt(autoscaler, 'metadata', 'name');
  if (name === undefined) return undefined;
  const currentReplicas = numberAt(autoscaler, 'status', 'currentReplicas') ?? 0;
  const isWaiting = listAt(autoscaler, 'status', 'conditions').some(
    condition => textAt(condition, 'status') === 'True' && WAITING.has(textAt(condition, 'reason') ?? ''),
  );
  return {
    name,
    currentReplicas,
    desiredReplicas: numberAt(autoscaler, 'status', 'desiredReplicas') ?? 0,
    // At its minimum it may well wish for fewer, and nothing comes of it.
    isWaitingToScaleIn: isWaiting && currentReplicas > (numberAt(autoscaler, 'spec', 'minReplicas') ?? 1),
  };
}
