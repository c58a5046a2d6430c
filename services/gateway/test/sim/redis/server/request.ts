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

/** Whoever waits for an answer. */
export type Asker = { resolve(reply: Reply): void; reject(reason: Error): void };

/** A command under way: the client's end of it, and the server's answer once there is one. */
export class Request {
  readonly question: Question;
  readonly asker: Asker;
  readonly sentAtMs: number;
  /** The client waits no more; an answer that still comes is dropped. */
  settled = false;
  reply: Reply = null;
  refusal: string | undefined;

  constructor(question: Question, asker: Asker, sentAtMs: number) {
    this.question = question;
    this.asker = asker;
    this.sentAtMs = sentAtMs;
  }
}

/** Something announced on a topic, on its way to those who are subscribed. */
export type Announcement = { readonly topic: string; readonly text: string };
