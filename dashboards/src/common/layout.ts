import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { CONFIG } from '../config.ts';
import type { Panelled } from './panels.ts';
import { variables } from './variables.ts';

const COLUMNS = 24;
const ROW_HEIGHT = 1;

/** A titled strip of panels. */
export type Row = { readonly title: string; readonly panels: readonly Panelled[] };

/** A board before it is placed. `name` is its file's name and, after the prefix, its uid. */
export type Board = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
};

/** Places every panel, left to right and top to bottom, and adds what all boards share. Same input, same output. */
export function layOut(board: Board): Dashboard {
  const builder = new DashboardBuilder(board.title)
    .uid(CONFIG.uidPrefix + board.name)
    .description(board.description)
    .tags([CONFIG.tag])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .refresh('30s')
    .variables(variables())
    .link(boardsLink());
  let y = 0;
  let id = 1;
  for (const row of board.rows) {
    builder.withRow(new RowBuilder(row.title).id(id++).gridPos({ h: ROW_HEIGHT, w: COLUMNS, x: 0, y }));
    y += ROW_HEIGHT;
    let x = 0;
    let tallest = 0;
    for (const { make, width, height } of row.panels) {
      if (x + width > COLUMNS) {
        x = 0;
        y += tallest;
        tallest = 0;
      }
      const panel = make();
      panel.id(id++);
      panel.gridPos({ h: height, w: width, x, y });
      builder.withPanel(panel);
      x += width;
      tallest = Math.max(tallest, height);
    }
    y += tallest;
  }
  return builder.build();
}

function boardsLink(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Kittiwake')
    .type(DashboardLinkType.Dashboards)
    .tags([CONFIG.tag])
    .asDropdown(true)
    .includeVars(true)
    .keepTime(true);
}
