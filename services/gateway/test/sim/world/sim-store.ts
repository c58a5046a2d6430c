import { type Clock, delay, ok } from '@kittiwake/base';
import type { PublishStore } from '@kittiwake/client';

/** How long the disk takes for one record. */
const WRITE_MS = 2;

/** What a machine keeps for its application, whatever becomes of the processes. */
export type SimDisk = Map<string, string>;

/** The store of one process on a disk: what is under way when the process dies is not done. */
export function simStore(disk: SimDisk, clock: Clock): PublishStore {
  return {
    load: async () => ok({ records: [...disk].map(([id, text]) => ({ id, text })), damaged: 0 }),
    put: async ({ id, text }) => {
      await delay(clock, WRITE_MS);
      disk.set(id, text);
      return ok();
    },
    remove: async id => {
      await delay(clock, WRITE_MS);
      disk.delete(id);
      return ok();
    },
    close: async () => {},
  };
}
