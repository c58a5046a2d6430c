import type { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { queryProblems, type Recorded } from './query-problems.ts';

const COLUMNS = 24;
const UID_LENGTH_MAX = 40;

type Placed = {
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
};

/** A panel's query, and where it stands. */
export type PanelQuery = { readonly board: string; readonly panel: string; readonly expr: string };

/** Everything that is wrong with a rendered board (rules O5 and O7). */
export function boardProblems(board: Dashboard, recorded: Recorded): readonly string[] {
  const panels = board.panels ?? [];
  return [
    ...frameProblems(board),
    ...overlaps(panels.map(placed)),
    ...panels
      .filter(isPanel)
      .flatMap(panel => panelProblems(panel, recorded).map(problem => `${panel.title}: ${problem}`)),
  ].map(problem => `${board.uid}: ${problem}`);
}

/** Every query of a board. */
export function panelQueries(board: Dashboard): readonly PanelQuery[] {
  return (board.panels ?? [])
    .filter(isPanel)
    .flatMap(panel =>
      expressions(panel).map(expr => ({ board: board.uid ?? '', panel: panel.title ?? '', expr })),
    );
}

function frameProblems(board: Dashboard): readonly string[] {
  const problems: string[] = [];
  if (!/^[a-z0-9-]+$/.test(board.uid ?? '') || (board.uid ?? '').length > UID_LENGTH_MAX)
    problems.push('has no stable uid');
  if (!board.description) problems.push('has no description');
  const variables = (board.templating?.list ?? []).map(variable => variable.name);
  if (variables.join() !== 'datasource,namespace,gateway')
    problems.push(`has the variables ${variables.join()}`);
  const ids = (board.panels ?? []).map(panel => panel.id);
  if (ids.some(id => id === undefined) || new Set(ids).size !== ids.length)
    problems.push('has panels without an id of their own');
  return problems;
}

function panelProblems(panel: Panel, recorded: Recorded): readonly string[] {
  const problems: string[] = [];
  if (!panel.title) problems.push('has no title');
  if (!/^.{20,}\.$/s.test(panel.description ?? '')) problems.push('has no description in sentences');
  if (!panel.fieldConfig?.defaults.unit) problems.push('has no unit');
  if (panel.datasource?.uid !== '$datasource') problems.push('does not ask the chosen data source');
  const queries = expressions(panel);
  if (queries.length === 0) problems.push('has no query');
  for (const query of queries) {
    if (!query.includes('namespace=~"$namespace"')) problems.push(`ignores the chosen namespace: ${query}`);
    problems.push(...queryProblems(query, recorded).map(problem => `${problem} in ${query}`));
  }
  return problems;
}

function overlaps(places: readonly Placed[]): readonly string[] {
  const problems = places
    .filter(place => place.x + place.w > COLUMNS)
    .map(place => `${place.title} leaves the grid`);
  for (const [index, a] of places.entries()) {
    for (const b of places.slice(index + 1)) {
      const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
      if (!apart) problems.push(`${a.title} lies over ${b.title}`);
    }
  }
  return problems;
}

function placed(panel: Panel | RowPanel): Placed {
  const { x = 0, y = 0, w = 0, h = 0 } = panel.gridPos ?? {};
  return { title: panel.title ?? '', x, y, w, h };
}

function isPanel(panel: Panel | RowPanel): panel is Panel {
  return panel.type !== 'row';
}

function expressions(panel: Panel): readonly string[] {
  return (panel.targets ?? []).flatMap(target =>
    'expr' in target && typeof target.expr === 'string' ? [target.expr] : [],
  );
}
