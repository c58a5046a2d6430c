/**
 * How a channel of a drill is published in, and what is promised besides.
 * - `keys`: each publish has a key, and the application repeats with it what ended as `unknown`;
 * - `republish`: the SDK publishes again what a failover took (SPEC K17), so that nothing that was acknowledged is lost;
 * - `numbered`: the same by the numbers of a producer (SPEC K16);
 * - `safe`: nothing is shown before a replica holds it (SPEC C11), so that nothing that was shown is lost.
 */
export const CHANNEL_MODES = ['keys', 'republish', 'numbered', 'safe'] as const;
export type ChannelMode = (typeof CHANNEL_MODES)[number];

/** The name of a channel of this mode. */
export function channelOfMode(mode: ChannelMode, number: number): string {
  return `drill:${mode}:${number}`;
}

/** The mode that a name says; `keys` where it says none. */
export function modeOf(channel: string): ChannelMode {
  return CHANNEL_MODES.find(mode => channel.startsWith(`drill:${mode}:`)) ?? 'keys';
}
