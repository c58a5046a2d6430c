import { type Axis, axisOf } from './axis.ts';

/** A line over time: one point a second, in order. */
export type Series = { readonly label: string; readonly colour: string; readonly points: readonly Point[] };

/** Seconds from the start, and a value. */
export type Point = readonly [second: number, value: number];

/** One picture over another, with the time below. */
export type Panel = {
  readonly title: string;
  readonly unit: string;
  readonly kind: 'lines' | 'bars';
  readonly series: readonly Series[];
};

/** Something that happened at a moment, or lasted. */
export type Mark = { readonly fromS: number; readonly toS: number; readonly label: string };

/** A plot. */
export type Plot = {
  readonly title: string;
  readonly seconds: number;
  readonly panels: readonly Panel[];
  readonly marks: readonly Mark[];
};

const WIDTH = 960;
const LEFT = 64;
const RIGHT = 16;
const TOP = 44;
const PANEL = 190;
const BETWEEN = 46;
const BOTTOM = 44;
const INSIDE = WIDTH - LEFT - RIGHT;
const TEXT = 'font-family="system-ui, sans-serif" font-size="12" fill="#333"';

/** Draws a plot as SVG: panels below each other with one time axis, marks through all of them. */
export function drawPlot({ title, seconds, panels, marks }: Plot): string {
  const height = TOP + panels.length * PANEL + (panels.length - 1) * BETWEEN + BOTTOM;
  const time = axisOf(seconds, 10);
  const x = (second: number): number => LEFT + (second / Math.max(1, seconds)) * INSIDE;
  const bottom = height - BOTTOM;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...marks.map(mark => drawMark(mark, x, bottom)),
    ...panels.map((panel, index) => drawPanel(panel, TOP + index * (PANEL + BETWEEN), x)),
    ...time.ticks
      .filter(tick => tick <= seconds)
      .map(tick => text([x(tick), bottom + 18], String(tick), 'middle')),
    text([LEFT + INSIDE / 2, height - 8], 'seconds', 'middle'),
    '</svg>',
    '',
  ].join('\n');
}

function drawMark({ fromS, toS, label }: Mark, x: (second: number) => number, bottom: number): string {
  const width = Math.max(1, x(toS) - x(fromS));
  return [
    `<rect x="${round(x(fromS))}" y="${TOP - 22}" width="${round(width)}" height="${bottom - TOP + 22}" fill="#f3c969" fill-opacity="0.28"/>`,
    text([x(fromS) + 3, TOP - 26], label, 'start'),
  ].join('');
}

function drawPanel(panel: Panel, top: number, x: (second: number) => number): string {
  const most = Math.max(0, ...panel.series.flatMap(({ points }) => points.map(([, value]) => value)));
  const axis = axisOf(most, 5);
  const y = (value: number): number => top + PANEL - (value / axis.max) * PANEL;
  const shapes = panel.series.map(series =>
    panel.kind === 'bars' ? drawBars(series, x, y) : drawLine(series, x, y),
  );
  return [...drawGrid(axis, y), ...shapes, drawHead(panel, top)].join('\n');
}

function drawGrid(axis: Axis, y: (value: number) => number): readonly string[] {
  return axis.ticks.map(
    tick =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(tick))}" y2="${round(y(tick))}" stroke="#ddd"/>${text([LEFT - 8, y(tick) + 4], String(tick), 'end')}`,
  );
}

/** Title and legend in one line, above the panel. */
function drawHead({ title, unit, series }: Panel, top: number): string {
  const legend = series
    .filter(() => series.length > 1)
    .map(({ label, colour }) => `<tspan dx="12" fill="${colour}">${escaped(label)}</tspan>`);
  return `<text x="${LEFT}" y="${top - 6}" ${TEXT} font-weight="600">${escaped(title)} (${escaped(unit)})${legend.join('')}</text>`;
}

function drawLine({ points, colour }: Series, x: (s: number) => number, y: (v: number) => number): string {
  const path = points.map(([second, value]) => `${round(x(second))},${round(y(value))}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5" stroke-linejoin="round"/>`;
}

function drawBars({ points, colour }: Series, x: (s: number) => number, y: (v: number) => number): string {
  const width = Math.max(0.8, x(1) - x(0));
  const bars = points
    .filter(([, value]) => value > 0)
    .map(([second, value]) => {
      const height = y(0) - y(value);
      return `<rect x="${round(x(second))}" y="${round(y(value))}" width="${round(width)}" height="${round(height)}"/>`;
    });
  return `<g fill="${colour}">${bars.join('')}</g>`;
}

function text(
  [x, y]: readonly [x: number, y: number],
  content: string,
  anchor: 'start' | 'middle' | 'end',
): string {
  return `<text x="${round(x)}" y="${round(y)}" ${TEXT} text-anchor="${anchor}">${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
