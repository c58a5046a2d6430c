import { MemoryDisk } from './memory-store.ts';
import { publishStoreSuite } from './publish-store-suite.ts';

publishStoreSuite({
  name: 'memory',
  place: async (_, bounds) => {
    const disk = new MemoryDisk(bounds?.recordsMax);
    return { open: async () => disk.store(), crash: async () => disk.crash() };
  },
});
