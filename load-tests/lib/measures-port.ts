/** What the actors report; in k6 these are its metrics, in tests an object that counts. */
export type Measures = {
  /** A publication reached a member this long after it was published. */
  deliveredAfter(ms: number): void;
  /** A publication was acknowledged this long after it was first sent. */
  ackedAfter(ms: number): void;
  /** A session that was cut had everything again this long afterwards. */
  resumedAfter(ms: number): void;
  /** Whether a session that was cut came back and had everything, or not. */
  resumed(whole: boolean): void;
  /** Publications that never came and that no gateway spoke of. */
  lost(n: number): void;
  duplicated(n: number): void;
  reordered(n: number): void;
  /** Connection attempts that came to nothing. */
  refused(n: number): void;
  /** Sessions that lost their connection. */
  cut(n: number): void;
  /** Publishes that a gateway refused for good: the test asks for what it may not, and measures less than it says. */
  rejected(n: number): void;
  /** Times a gateway said that something cannot be had: `truncated`, `trimmed`, `unknown`. */
  told(n: number): void;
};
