import type { Reply, Script } from '../keyspace/script-runner.ts';

/** What a client asks; texts and topics are those of the port. */
export type Question =
  | { readonly kind: 'hello' }
  | { readonly kind: 'info' }
  | {
      readonly kind: 'run';
      readonly script: Script;
      readonly args: readonly string[];
      readonly whole: boolean;
    }
  | { readonly kind: 'publish'; readonly topic: string; readonly text: string }
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly topics: readonly string[] }
  | { readonly kind: 'wait'; readonly replicas: number; readonly timeoutMs: number }
  | { readonly kind: 'hvals'; readonly key: string };

/** A command under way: the client's end of it, and the server's answer once there is one. */
export class Request {
  readonly question: Question;
  readonly sentAtMs: number;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (reason: Error) => void;
  /** The client waits no more; an answer that still comes is dropped. */
  settled = false;
  reply: Reply = null;
  error: Error | undefined;

  constructor(
    question: Question,
    parts: {
      readonly sentAtMs: number;
      readonly resolve: (reply: Reply) => void;
      readonly reject: (reason: Error) => void;
    },
  ) {
    this.question = question;
    this.sentAtMs = parts.sentAtMs;
    this.resolve = parts.resolve;
    this.reject = parts.reject;
  }
}

/** Something announced on a topic, on its way to those who are subscribed. */
export type Announcement = { readonly topic: string; readonly text: string };
