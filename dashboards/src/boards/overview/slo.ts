import { SLOS } from '@kittiwake/metrics-catalog';
import { above, below, type Panelled, stat, timeseries } from '../../common/panels.ts';
import { SLO_NAMES, type SloName } from '../../rules/sli.ts';
import { sloSelector } from '../../rules/slo-rules.ts';

const NAMESPACE = 'namespace=~"$namespace"';

/** Three panels per objective: what is left of the budget, how fast it burns, and both over time. */
export function sloPanels(): readonly Panelled[] {
  return SLO_NAMES.flatMap(name => [budgetLeft(name), burnRate(name), burnOverTime(name)]);
}

function budgetLeft(name: SloName): Panelled {
  const { title, objective, windowDays } = SLOS[name];
  return stat(
    {
      title: `Budget left · ${title}`,
      description: `Share of the error budget of ${windowDays} days that is left; the objective is ${objective * 100} %. At zero the objective is missed.`,
      unit: 'percentunit',
      queries: [
        { expr: `slo:period_error_budget_remaining:ratio{${selector(name)}}`, legend: '{{namespace}}' },
      ],
    },
    { steps: below({ warning: 0.5, critical: 0.1 }), width: 4, decimals: 1 },
  );
}

function burnRate(name: SloName): Panelled {
  return stat(
    {
      title: `Burn rate · ${SLOS[name].title}`,
      description:
        'How many times faster than allowed the budget burns now (5 minutes). 1 uses it up exactly; 14.4 wakes somebody.',
      unit: 'short',
      queries: [{ expr: `slo:current_burn_rate:ratio{${selector(name)}}`, legend: '{{namespace}}' }],
    },
    { steps: above({ warning: 1, critical: 6 }), width: 4, decimals: 2 },
  );
}

function burnOverTime(name: SloName): Panelled {
  const of = (window: string) => ({
    expr: `slo:sli_error:ratio_rate${window}{${selector(name)}}`,
    legend: `${window} {{namespace}}`,
  });
  return timeseries(
    {
      title: `Bad events · ${SLOS[name].title}`,
      description: 'Ratio of bad events over the windows that the alerts look at.',
      unit: 'percentunit',
      queries: [of('5m'), of('1h'), of('6h'), of('3d')],
    },
    { width: 16, limit: Number((1 - SLOS[name].objective).toFixed(6)) },
  );
}

function selector(name: SloName): string {
  return `${sloSelector(name)}, ${NAMESPACE}`;
}
