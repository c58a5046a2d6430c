/** What Prometheus sees, and whether an alert fires on it. `values` is promtool's notation: `0+10x60`. */
export type AlertCase = {
  readonly alert: string;
  /** What happens, in words. */
  readonly when: string;
  readonly fires: boolean;
  readonly series: { readonly [series: string]: string };
  /** Moment of the judgement, as `70m`. */
  readonly at: string;
  /** Distance of the samples and of the evaluations. @default 1m */
  readonly step?: string;
};

/** An alert with a series on which it fires and one on which it must not. */
export function pair(
  alert: string,
  at: string,
  cases: { readonly fires: Story; readonly quiet: Story; readonly step?: string },
): readonly AlertCase[] {
  const step = cases.step === undefined ? {} : { step: cases.step };
  return [
    { alert, at, ...step, fires: true, when: cases.fires[0], series: cases.fires[1] },
    { alert, at, ...step, fires: false, when: cases.quiet[0], series: cases.quiet[1] },
  ];
}

/** Words and the series that go with them. */
export type Story = readonly [when: string, series: { readonly [series: string]: string }];

/** The labels that every series of a gateway has. */
export const GATEWAY = 'namespace="k", pod="gateway-0"';
