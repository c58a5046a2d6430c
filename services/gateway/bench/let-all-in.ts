import type { TurnstileAdmission } from '../src/transport/turnstile.ts';

/** No storm: everybody may come. */
export const LET_ALL_IN: TurnstileAdmission = {
  ask: () => true,
  tell: () => 1_000,
  perSecond: 1_000_000,
  limitedBy: 'rate',
};
