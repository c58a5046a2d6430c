/** Why a command could not do it, and what to do next. */
export type CliProblem = {
  readonly message: string;
  /** One sentence that begins with a verb. */
  readonly next: string;
};

/** What the process ends with. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;
