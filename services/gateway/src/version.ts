import manifest from '../package.json' with { type: 'json' };

/** Version of this build, as its package says. */
export const VERSION: string = manifest.version;
