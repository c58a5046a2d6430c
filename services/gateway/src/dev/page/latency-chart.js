import { byId, setText } from './element.js';

const SAMPLES_MAX = 60;

/** Draws round-trip times as they come; a gap where there was no connection. */
export class LatencyChart {
  #canvas = byId('latency');
  #samples = [];

  constructor() {
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
  }

  /** Adds a round trip in milliseconds, or `undefined` where there was none. */
  add(rttMs) {
    this.#samples = [...this.#samples, rttMs].slice(-SAMPLES_MAX);
    const sorted = this.#samples.filter(sample => sample !== undefined).sort((a, b) => a - b);
    setText('rtt-now', format(rttMs));
    setText('rtt-p50', format(percentile(sorted, 0.5)));
    setText('rtt-p95', format(percentile(sorted, 0.95)));
    this.#canvas.setAttribute(
      'aria-label',
      `Round trip now ${format(rttMs)}, p95 ${format(percentile(sorted, 0.95))}`,
    );
    this.#draw();
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const scale = window.devicePixelRatio;
    this.#canvas.width = width * scale;
    this.#canvas.height = height * scale;
    const context = this.#canvas.getContext('2d');
    const style = getComputedStyle(document.documentElement);
    const [color, line, bad] = ['--accent', '--line', '--bad'].map(name =>
      probeColor(style.getPropertyValue(name)),
    );
    context.scale(scale, scale);
    const top = Math.max(2, ...this.#samples.filter(sample => sample !== undefined)) * 1.15;
    const x = index => ((width - 4) * (index + SAMPLES_MAX - this.#samples.length)) / (SAMPLES_MAX - 1);
    const y = sample => height - 2 - (sample / top) * (height - 6);
    const step = width / (SAMPLES_MAX - 1);
    context.fillStyle = line;
    for (const part of [0.5, 1]) context.fillRect(0, (height - 1) * part, width, 1);
    context.fillStyle = bad;
    context.globalAlpha = 0.14;
    for (const [index, sample] of this.#samples.entries())
      if (sample === undefined) context.fillRect(x(index) - step, 0, step, height);
    context.globalAlpha = 1;
    context.strokeStyle = color;
    context.fillStyle = color;
    context.lineWidth = 1.6;
    drawLine(
      context,
      this.#samples.map((sample, index) => (sample === undefined ? undefined : [x(index), y(sample)])),
    );
    context.globalAlpha = 0.8;
    context.font = '11px system-ui';
    context.fillText(format(top), 2, 11);
  }
}

function drawLine(context, points) {
  let open = false;
  context.beginPath();
  for (const point of points) {
    if (point === undefined) open = false;
    else if (open) context.lineTo(...point);
    else context.moveTo(...point);
    open = point !== undefined;
  }
  context.stroke();
  const last = points.at(-1);
  if (last === undefined) return;
  context.beginPath();
  context.arc(last[0], last[1], 3, 0, 2 * Math.PI);
  context.fill();
}

/** Canvas does not know `light-dark()`: let an element work the colour out. */
function probeColor(value) {
  const probe = document.createElement('i');
  probe.style.color = value;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function percentile(sorted, fraction) {
  return sorted.length === 0
    ? undefined
    : sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * fraction) - 1)];
}

/** A duration for people. */
export function format(ms) {
  if (ms === undefined) return '–';
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
