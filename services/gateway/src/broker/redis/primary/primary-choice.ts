import { isSame, type Primary, type RedisAddress } from './probe.ts';

/** What was heard so far. */
export type Survey = {
  /** How many Sentinels there are. */
  readonly sentinels: number;
  /** The primary that each Sentinel names, of those that answered. */
  readonly named: readonly RedisAddress[];
  /** The servers that say they are primaries. */
  readonly primaries: readonly Primary[];
};

/** The primary that we follow, and the one that we followed before it. */
export type Followed = { readonly now: Primary | undefined; readonly before: Primary | undefined };

/** `heir`: it took over from the primary that we follow, and nothing that may still be heard changes that. */
export type Choice = { readonly primary: Primary; readonly heir: boolean };

/**
 * Decides which server leads.
 * - A server whose former history is that of another primary took over from it: that other one is deposed.
 * - The heir of the primary that we follow leads although no Sentinel has said so yet: Sentinel sees a promotion of its
 *   own up to a second late. Not where most Sentinels name a third server, which may be the heir of the heir.
 * - Otherwise the one that most Sentinels name, where it lives.
 * - Otherwise the one that we follow, where it lives and most Sentinels still name the one before it.
 * - Otherwise, while too few Sentinels answer, the one that any of them names.
 */
export function choosePrimary(survey: Survey, followed: Followed): Choice | undefined {
  const { primaries, named } = survey;
  const { now, before } = followed;
  const leading = primaries.filter(({ replid }) => !primaries.some(other => other.formerReplid === replid));
  const at = (address: RedisAddress): Primary | undefined =>
    leading.find(primary => isSame(primary.address, address));
  const most = nameOfMost(survey);
  const isBehind = (primary: Primary, former: Primary | undefined): boolean =>
    most === undefined || [primary, former].some(one => one !== undefined && isSame(one.address, most));

  const former = now ?? primaries.find(({ address }) => most !== undefined && isSame(address, most));
  const heir = leading.find(({ formerReplid }) => formerReplid === former?.replid);
  if (heir !== undefined && isBehind(heir, former)) return { primary: heir, heir: true };
  const chosen = most && at(most);
  if (chosen !== undefined) return { primary: chosen, heir: false };
  const still = leading.find(({ replid }) => replid === now?.replid);
  if (still !== undefined && isBehind(still, before)) return { primary: still, heir: false };
  const any = named.map(at).find(primary => primary !== undefined);
  return any && { primary: any, heir: false };
}

/** The server that more than half of all Sentinels name. */
function nameOfMost({ named, sentinels }: Survey): RedisAddress | undefined {
  return named.find(address => named.filter(other => isSame(other, address)).length > sentinels / 2);
}
