import { assertNever } from '@kittiwake/base';
import type { Decision } from './rebalance-state.ts';

/** A decision for people: the reason of an Event, and a sentence. `names` of gateways by the ids of the moves. */
export function describeDecision(
  decision: Decision,
  names: ReadonlyMap<string, string>,
): { readonly reason: string; readonly note: string } {
  switch (decision.kind) {
    case 'shed':
      return { reason: 'RebalanceShed', note: describeMoves(decision, names) };
    case 'dry_run':
      return {
        reason: 'RebalanceDryRun',
        note: `would, but for the mode: ${describeMoves(decision, names)}`,
      };
    case 'done':
      return { reason: 'RebalanceDone', note: `spread ${percent(decision.spread)}` };
    case 'gave_up':
      return {
        reason: 'RebalanceGaveUp',
        note: `spread ${percent(decision.spread)}: too few of the moved sessions reached the emptier gateways`,
      };
    case 'even':
      return { reason: 'RebalanceEven', note: `nothing to do: spread ${percent(decision.spread)}` };
    case 'postponed':
      return { reason: 'RebalancePostponed', note: WHY[decision.why] };
    default:
      return assertNever(decision);
  }
}

const WHY: { readonly [W in (Decision & { kind: 'postponed' })['why']]: string } = {
  unknown: 'a gateway that is ready has not said lately how many sessions it has',
  leaving: 'a gateway is handing over its sessions',
  rollout: 'a rollout is on',
  scale_in: 'a scale-in is near',
  alone: 'there is no second gateway',
  off: 'it is switched off by kittiwake.dev/rebalance on the Deployment',
};

const NAMED_MAX = 10;

function describeMoves(
  { spread, pass, moves }: Decision & { readonly kind: 'shed' | 'dry_run' },
  names: ReadonlyMap<string, string>,
): string {
  const named = moves
    .slice(0, NAMED_MAX)
    .map(({ id, sessions, perSecond }) => `${sessions} of ${names.get(id) ?? id} at ${perSecond}/s`);
  const more = moves.length > NAMED_MAX ? ` and of ${moves.length - NAMED_MAX} more` : '';
  return `spread ${percent(spread)}, shed ${pass}: ${named.join(', ')}${more}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
