/** What must hold in every world, after every step (`docs/simulation.md`). */
export const INVARIANTS = {
  I0: 'what is delivered was stored at that position, and a position is given once',
  I1: 'offsets follow on within a view; what is missing is told',
  I2: 'no publication is twice in a view, or in a history',
  I3: 'what was acknowledged as replicated is in the history, as long as one holder was there to be promoted',
  I4: 'what a view lost is told with the first lost offset, and nothing else is',
  I5: 'in the end every view is the end of the history, and every outcome that was told is true',
  I6: 'nobody who is connected stays behind for longer than a dead connection takes to notice',
  I7: 'everything is bounded, nothing stays behind, no belief of the code is broken',
} as const;

export type Invariant = keyof typeof INVARIANTS;

/** The first thing that went wrong in a world. */
export type Violation = { readonly invariant: Invariant; readonly atMs: number; readonly message: string };
