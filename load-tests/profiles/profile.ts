/** How much load, for how long. A group is one virtual user with its channels and all of their members. */
export type Profile = {
  readonly name: ProfileName;
  /** Groups that chat: few publications, many members. */
  readonly chatGroups: number;
  /** Groups that play: many small publications, few members. */
  readonly gamingGroups: number;
  /** Over how long the groups arrive. */
  readonly rampMs: number;
  /** How long each group stays once it has arrived. */
  readonly holdMs: number;
};

/** The profiles there are, smallest first. */
export const PROFILE_NAMES = ['background', 'smoke', 'average', 'stress', 'spike', 'soak'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];
