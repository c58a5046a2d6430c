import type { Json, Position, Publication } from '@kittiwake/protocol';

/**
 * What an application says about its channels: for each channel pattern, the events and the data of each.
 * The compiler holds both sides to it; the gateway holds data to it where its configuration has schemas.
 * @example
 * type Chat = { 'chat:*': { 'chat:message:send': { text: string } } };
 * const client = createClient<Chat>({ url, token });
 */
export type ChannelMap = object;

/** What is known where nothing was said: any event, any JSON. */
export type AnyEvents = { readonly [event: string]: Json };

/** The names that a pattern stands for: `*` is any text. */
export type NamesOf<Pattern> = Pattern extends `${infer Before}*${infer After}`
  ? `${Before}${string}${NamesOf<After>}`
  : Pattern;

/** The events of the channel `Name`: of every pattern that matches it; any event where none does. */
export type EventsOf<Map extends ChannelMap, Name extends string> = [PatternsFor<Map, Name>] extends [never]
  ? AnyEvents
  : Map[PatternsFor<Map, Name>];

type PatternsFor<Map extends ChannelMap, Name extends string> = {
  [Pattern in keyof Map]: Name extends NamesOf<Pattern> ? Pattern : never;
}[keyof Map];

/** The names of `Events`. */
export type EventNameOf<Events> = keyof Events & string;

/** A publication of the event `Name`, its data typed. */
export type PublicationOf<Events, Name extends EventNameOf<Events> = EventNameOf<Events>> = {
  [N in Name]: Omit<Publication, 'type' | 'event' | 'data'> & { readonly event: N; readonly data: Events[N] };
}[Name];

/** Part of a channel's history. */
export type History<Events> = {
  readonly position: Position;
  readonly publications: readonly PublicationOf<Events>[];
};
