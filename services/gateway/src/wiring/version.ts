/** Version of this build: that of its package, which a test compares, so that nothing is read to know it. */
export const VERSION = '0.1.0';
