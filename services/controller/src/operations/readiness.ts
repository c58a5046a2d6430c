/** What readiness looks at. */
export type Conditions = {
  readonly isServing: boolean;
  readonly hasListedGateways: boolean;
  readonly hasScraped: boolean;
  readonly isStopping: boolean;
};

/** [R17] Why this replica is not ready; empty: it is. Leading plays no part: every replica serves. */
export function unreadyReasons(conditions: Conditions): readonly string[] {
  return [
    ...(conditions.isStopping ? ['stopping'] : []),
    ...(conditions.isServing ? [] : ['no serving certificate yet']),
    ...(conditions.hasListedGateways ? [] : ['gateways not listed yet']),
    ...(conditions.hasScraped ? [] : ['gateways not scraped yet']),
  ];
}
