import { readFileSync } from 'node:fs';

/** The scripts by the name under which a connection knows them, and how many keys each takes. */
export const SCRIPTS = {
  kwPublish: script('publish', 3),
  kwPublishNumbered: script('publish', 4),
  kwReveal: script('reveal', 2),
  kwRead: script('read', 2),
  kwTails: script('tails', 1),
  kwRights: script('rights', 1),
  kwPresenceSet: script('presence-set', 3),
  kwPresenceRemove: script('presence-remove', 2),
  kwPresenceTouch: script('presence-touch', 3),
  kwPresenceSweep: script('presence-sweep', 1),
  kwGatewayAnnounce: script('gateway-announce', 2),
  kwGatewayList: script('gateway-list', 2),
} as const;

export type ScriptName = keyof typeof SCRIPTS;

function script(file: string, numberOfKeys: number): { readonly lua: string; readonly numberOfKeys: number } {
  return { lua: readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), 'utf8'), numberOfKeys };
}
