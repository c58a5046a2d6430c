import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventsOf, NamesOf, PublicationOf } from './typed-events.ts';

type Map = {
  'chat:*': { 'chat:message:send': { readonly text: string } };
  'game-*:state': { 'game:player:move': { readonly x: number } };
};

/** Compiles only where both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;
const same = <A, B>(proof: Same<A, B>): boolean => proof;

test('[K3] a channel has the events of the pattern that matches its name', () => {
  assert.ok(same<NamesOf<'game-*:state'>, `game-${string}:state`>(true));
  assert.ok(same<EventsOf<Map, 'chat:42'>, Map['chat:*']>(true));
  assert.ok(same<EventsOf<Map, 'game-7:state'>, Map['game-*:state']>(true));
  assert.ok(same<PublicationOf<Map['chat:*']>['data'], { readonly text: string }>(true));
});
