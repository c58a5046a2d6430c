import { CLOSE_CODES, ERROR_KINDS, LIMITS } from '../src/index.ts';

type Table = { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** The tables of SPEC.md that code knows better, by the name in their markers. */
const TABLES: { readonly [name: string]: Table } = {
  limits: {
    head: ['limit', 'value'],
    rows: Object.entries(LIMITS).map(([name, value]) => [`\`${name}\``, value.toLocaleString('en-GB')]),
  },
  'close-codes': {
    head: ['code', 'reason', 'retry', 'meaning'],
    rows: Object.entries(CLOSE_CODES).map(([code, row]) => [
      code,
      `\`${row.reason}\``,
      `\`${row.retry}\``,
      row.meaning,
    ]),
  },
  'error-kinds': {
    head: ['kind', 'retry', 'meaning'],
    rows: Object.entries(ERROR_KINDS).map(([kind, row]) => [`\`${kind}\``, `\`${row.retry}\``, row.meaning]),
  },
};

const SECTION = /<!-- generated: ([a-z-]+) -->\n[\s\S]*?<!-- \/generated -->/g;

/** SPEC.md with its generated tables written anew; everything else stays as it is. */
export function renderSpec(spec: string): string {
  return spec.replace(SECTION, (section, name: string) => {
    const table = TABLES[name];
    if (table === undefined) return section;
    return `<!-- generated: ${name} -->\n\n${renderTable(table)}\n\n<!-- /generated -->`;
  });
}

/** Pads the columns as the formatter does, so that it leaves the tables alone. */
function renderTable({ head, rows }: Table): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map(cells => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[], fill: string): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, fill)).join(' | ')} |`;
  return [line(head, ' '), line([], '-'), ...rows.map(cells => line(cells, ' '))].join('\n');
}
