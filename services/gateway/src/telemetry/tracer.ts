/** What a span says about a publication; never its data. */
export type TracedPublication = {
  readonly channel: string;
  readonly event: string;
  /** W3C Trace Context: the publisher's for `publishSpan`, the publish span's for `deliverSpan`. */
  readonly traceparent?: string | undefined;
};

/** A publish under way. `traceparent` is what travels with the publication; `end` takes `acked`, `failed`, … */
export type PublishSpan = { readonly traceparent: string | undefined; end(result: string): void };

/** A fan-out under way; `end` takes the number of local members. */
export type DeliverSpan = { end(members: number): void };

/** Follows publications from the publish to their delivery on other gateways. No method throws. */
export type Tracer = {
  publishSpan(publication: TracedPublication): PublishSpan;
  /** A span of its own, linked to the publish span: one publish has many deliveries, in other processes (rule O22). */
  deliverSpan(publication: TracedPublication): DeliverSpan;
  /** Sends what waits; within 5 s, whether it works or not. */
  stop(): Promise<void>;
};
