import { readReplication, readReplid } from '../epoch.ts';
import type { Primary, RedisAddress } from './probe.ts';

/** Reads the section `replication` of `INFO`; `undefined` where the server is no primary. */
export function readPrimary(info: string, address: RedisAddress): Primary | undefined {
  const found = readReplication(info);
  const formerReplid = readReplid(info, 'master_replid2');
  if (found.role !== 'master' || formerReplid === undefined) return undefined;
  return { address, replid: found.replid, formerReplid };
}
