/** What people use channels for: the load of one channel, and the objective that it is held to. */
export type UseLoad = {
  /** Prefix of the channels' names: a gateway configures them by pattern. */
  readonly channelPrefix: string;
  /** An event of its own: no deployment has a schema for it, and none may refuse it unless the channel is strict. */
  readonly event: string;
  /** Channels of one group, each with `members` members of which the first `talkers` publish. */
  readonly channels: number;
  readonly members: number;
  readonly talkers: number;
  /** Pause between two publications of one talker. */
  readonly publishEveryMs: number;
  /** Bytes of text in each publication. */
  readonly textBytes: number;
};

/** A chat is read by many and written by few; a game is many small updates among a few players. */
export const USES = {
  chat: {
    channelPrefix: 'chat',
    event: 'load:chat:send',
    channels: 2,
    members: 20,
    talkers: 2,
    publishEveryMs: 1_000,
    textBytes: 120,
  },
  gaming: {
    channelPrefix: 'game',
    event: 'load:game:move',
    channels: 2,
    members: 6,
    talkers: 3,
    publishEveryMs: 100,
    textBytes: 32,
  },
} as const satisfies { readonly [use: string]: UseLoad };

export type Use = keyof typeof USES;
