/** Nominal types over primitives: a `ChannelName` is not just any string, and milliseconds are not bytes. */

declare const brand: unique symbol;

/** `T` that was checked, or made, to be a `Name`. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A duration, or a time since the epoch where the name ends in `AtMs`, in milliseconds. */
export type Millis = number;

/** A size in bytes. */
export type Bytes = number;
