import type { BrokerFailure } from './broker.ts';

/** The answer to a publish of an epoch that a later one has fenced (SPEC P9). */
export const FENCED: BrokerFailure = {
  kind: 'fenced',
  message: 'a later epoch of this producer has published here',
};

/** The answer to a number that does not follow the last one that was stored (SPEC P10). */
export function sequenceGap(expectedSequence: number): BrokerFailure {
  return {
    kind: 'sequence_gap',
    message: `the next publish of this producer has number ${expectedSequence}`,
    expectedSequence,
  };
}
