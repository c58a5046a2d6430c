/** What an image runs. */
export type Service = 'gateway' | 'controller';

/** What a service is bundled from; paths from the repository's root. */
export type Sources = {
  /** Entry points by the names of their programs. */
  readonly programs: { readonly [program: string]: string };
  /** Folders that stand beside the programs, which read them relative to `import.meta.url`. */
  readonly folders: { readonly [name: string]: string };
};

/** The programs of both images. */
export const SERVICES: { readonly [S in Service]: Sources } = {
  gateway: {
    programs: { gateway: 'services/gateway/src/main.ts' },
    folders: { lua: 'services/gateway/src/broker/redis/lua' },
  },
  controller: {
    programs: {
      controller: 'services/controller/src/main.ts',
      bootstrap: 'services/controller/src/bootstrap/main.ts',
    },
    folders: {},
  },
};

/** Whether there is such a service. */
export function isService(name: string | undefined): name is Service {
  return name !== undefined && Object.hasOwn(SERVICES, name);
}
