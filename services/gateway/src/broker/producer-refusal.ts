import type { Millis } from '@kittiwake/base';
import type { BrokerFailure } from './broker.ts';

/** The answer to a publish of an epoch that a later one has fenced (SPEC P9). */
export const FENCED: BrokerFailure = {
  kind: 'fenced',
  message: 'a later epoch of this producer has published here',
};

/** The answer to a publish that does not follow the last one that is stored (SPEC P10); 1 is expected where nothing is known (P9). */
export function sequenceGap(expectedSequence: number, rememberedMs: Millis): BrokerFailure {
  return {
    kind: 'sequence_gap',
    message: `of this producer nothing is stored from number ${expectedSequence} on`,
    expectedSequence,
    rememberedMs,
  };
}
