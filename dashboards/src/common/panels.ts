import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AxisPlacement,
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Panel,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  PanelBuilder as HeatmapBuilder,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Query } from './queries.ts';
import { DATASOURCE } from './variables.ts';

/** What every panel says of itself: nobody should have to guess a unit or what a line means (rule O5). */
export type PanelText = {
  readonly title: string;
  /** Full sentences: what is drawn, and what a reader does with it. */
  readonly description: string;
  /** Grafana's unit id, as `s`, `ops`, `bytes`. */
  readonly unit: string;
  readonly queries: readonly Query[];
};

/** A panel and the columns, of 24, that it takes. It is made anew for each rendering; the layout places it. */
export type Panelled = {
  readonly make: () => Builder<Panel> & Placeable;
  readonly width: number;
  readonly height: number;
};

/** What the layout sets on a panel of any kind. */
export type Placeable = {
  id(id: number): unknown;
  gridPos(position: {
    readonly h: number;
    readonly w: number;
    readonly x: number;
    readonly y: number;
  }): unknown;
};

type TimeseriesStyle = {
  readonly stacked?: boolean;
  readonly max?: number;
  readonly limit?: number;
  readonly width?: number;
};

/** Lines over time in the house style; `limit` draws a threshold in red. */
export function timeseries(text: PanelText, style: TimeseriesStyle = {}): Panelled {
  return { make: () => timeseriesPanel(text, style), width: style.width ?? 8, height: 8 };
}

function timeseriesPanel(text: PanelText, style: TimeseriesStyle): TimeseriesBuilder {
  const panel = new TimeseriesBuilder()
    .title(text.title)
    .description(text.description)
    .datasource(DATASOURCE)
    .unit(text.unit)
    .min(0)
    .drawStyle(GraphDrawStyle.Line)
    .lineWidth(1)
    .fillOpacity(style.stacked === true ? 30 : 8)
    .axisPlacement(AxisPlacement.Auto)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
    .targets(text.queries.map((query, index) => target(query, index)));
  if (style.max !== undefined) panel.max(style.max);
  if (style.stacked === true) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  if (style.limit !== undefined) panel.thresholds(steps([green(), { value: style.limit, color: 'red' }]));
  return panel;
}

type StatStyle = {
  readonly steps?: readonly Threshold[];
  readonly decimals?: number;
  readonly width?: number;
};

/** One big number; `steps` colours it, the first step has the value `null`. */
export function stat(text: PanelText, style: StatStyle = {}): Panelled {
  return { make: () => statPanel(text, style), width: style.width ?? 4, height: 4 };
}

function statPanel(text: PanelText, style: StatStyle): StatBuilder {
  const panel = new StatBuilder()
    .title(text.title)
    .description(text.description)
    .datasource(DATASOURCE)
    .unit(text.unit)
    .graphMode(BigValueGraphMode.Area)
    .colorMode(BigValueColorMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .thresholds(steps(style.steps ?? [green()]))
    .targets(text.queries.map((query, index) => target(query, index)));
  if (style.decimals !== undefined) panel.decimals(style.decimals);
  return panel;
}

/** A histogram over time, one row per bucket. */
export function heatmap(text: PanelText, style: { readonly width?: number } = {}): Panelled {
  return { make: () => heatmapPanel(text), width: style.width ?? 12, height: 9 };
}

function heatmapPanel(text: PanelText): HeatmapBuilder {
  const panel = new HeatmapBuilder()
    .title(text.title)
    .description(text.description)
    .datasource(DATASOURCE)
    .unit('ops')
    .calculate(false)
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').steps(64))
    .yAxis(new YAxisConfigBuilder().unit(text.unit).axisPlacement(AxisPlacement.Left))
    .scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Linear))
    .targets(text.queries.map((query, index) => target(query, index).format(PromQueryFormat.Heatmap)));
  return panel;
}

/** Colour steps: below the first value green, from each value on its colour. */
export function above(limits: {
  readonly warning?: number;
  readonly critical: number;
}): readonly Threshold[] {
  const warning = limits.warning === undefined ? [] : [{ value: limits.warning, color: 'orange' }];
  return [green(), ...warning, { value: limits.critical, color: 'red' }];
}

/** Colour steps: red until `critical`, orange until `warning`, then green. */
export function below(limits: { readonly warning: number; readonly critical: number }): readonly Threshold[] {
  return [
    { value: null, color: 'red' },
    { value: limits.critical, color: 'orange' },
    { value: limits.warning, color: 'green' },
  ];
}

function green(): Threshold {
  return { value: null, color: 'green' };
}

function steps(values: readonly Threshold[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...values]);
}

function target(query: Query, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .datasource(DATASOURCE)
    .expr(query.expr)
    .legendFormat(query.legend)
    .refId(String.fromCharCode(65 + index))
    .range();
}
