declare module 'jsdom' {
  /** The part of jsdom that the tests use; the package has no types of its own. */
  export class JSDOM {
    constructor(html: string);
    readonly window: Window & typeof globalThis;
  }
}
