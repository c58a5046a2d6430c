import { readReplication } from '../epoch.ts';
import type { Primary, RedisAddress } from './probe.ts';

const FORMER_REPLID = /^master_replid2:([0-9a-f]{40})\s*$/m;

/** Reads the section `replication` of `INFO`; `undefined` where the server is no primary. */
export function readPrimary(info: string, address: RedisAddress): Primary | undefined {
  const found = readReplication(info);
  const formerReplid = FORMER_REPLID.exec(info)?.[1];
  if (found.role !== 'master' || formerReplid === undefined) return undefined;
  return { address, replid: found.replid, formerReplid };
}
