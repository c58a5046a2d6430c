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
    return `<!-- generated: ${name} -->\n${renderTable(table)}\n<!-- /generated -->`;
  });
}

function renderTable({ head, rows }: Table): string {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
