import type { RedisAddress } from './probe.ts';

/** Replicas that are looked at; a group has a handful. */
const REPLICAS_MAX = 16;

/** Reads the answer to `SENTINEL REPLICAS`: for each replica a list of names and values in turn. What is not readable is left out. */
export function readReplicas(reply: unknown): readonly RedisAddress[] {
  if (!Array.isArray(reply)) return [];
  return reply.slice(0, REPLICAS_MAX).flatMap((fields: unknown) => {
    if (!Array.isArray(fields)) return [];
    const host: unknown = fields[fields.indexOf('ip') + 1];
    const port = Number(fields[fields.indexOf('port') + 1]);
    return typeof host === 'string' && Number.isInteger(port) ? [{ host, port }] : [];
  });
}
