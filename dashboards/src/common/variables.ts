import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** Every panel asks the data source that the reader chose: a board works on any Grafana unchanged. */
export const DATASOURCE = { type: 'prometheus', uid: '$datasource' };

/** The variables of every board, in this order: links between boards carry them along. */
export function variables(): Builder<VariableModel>[] {
  return [
    new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    queryVariable('namespace', 'Namespace', 'label_values(kittiwake_build_info, namespace)'),
    queryVariable('gateway', 'Gateway', 'label_values(kittiwake_build_info{namespace=~"$namespace"}, pod)'),
  ];
}

function queryVariable(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query({ query, refId: `${name}-variable` })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}
