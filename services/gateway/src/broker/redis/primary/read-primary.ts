import { isReplid, readReplication } from '../epoch.ts';
import { infoField } from '../info-field.ts';
import type { Primary, RedisAddress } from './probe.ts';

/** Reads the section `replication` of `INFO`; `undefined` where the server is no primary. */
export function readPrimary(info: string, address: RedisAddress): Primary | undefined {
  const found = readReplication(info);
  const formerReplid = infoField(info, 'master_replid2');
  if (found.role !== 'master' || formerReplid === undefined || !isReplid(formerReplid)) return undefined;
  return { address, replid: found.replid, formerReplid };
}
