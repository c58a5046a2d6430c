/** Something that a gateway cannot serve clients without. */
export type HealthSource = {
  /** Stable name, shown in answers: `broker`, `client-port`, `drain`. */
  readonly name: string;
  /** `undefined` while it is well, else a short reason without internals. Called for every probe: it looks, it does not try. */
  check(): string | undefined;
};

/** The answer to a probe. */
export type Readiness =
  | { readonly ready: true }
  | {
      readonly ready: false;
      readonly reasons: readonly { readonly source: string; readonly reason: string }[];
    };

/** Ready when every source is well; otherwise all reasons together. A source that throws is not well (rule D1). */
export function readiness(sources: readonly HealthSource[]): Readiness {
  const reasons = sources.flatMap(source => {
    const reason = checked(source);
    return reason === undefined ? [] : [{ source: source.name, reason }];
  });
  return reasons.length === 0 ? { ready: true } : { ready: false, reasons };
}

function checked(source: HealthSource): string | undefined {
  try {
    return source.check();
  } catch {
    return 'the check itself failed';
  }
}
