/** A pod of a gateway, as the API server shows it; only what is looked at. */
export type GatewayPod = {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
    readonly deletionGracePeriodSeconds?: number;
    readonly labels?: { readonly [name: string]: string };
  };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly {
      readonly restartCount: number;
      readonly state?: { readonly terminated?: { readonly exitCode: number } };
    }[];
  };
};

/** What was seen of one gateway from its first day to its last. Times are milliseconds since 1970. */
export type GatewayLife = {
  readonly name: string;
  readonly uid: string;
  readonly template: string;
  readonly firstSeenMs: number;
  node: string | undefined;
  readyMs: number | undefined;
  isReady: boolean;
  restarts: number;
  terminatingMs: number | undefined;
  graceSeconds: number | undefined;
  /** Of its container, once that has ended for good. */
  exitCode: number | undefined;
  goneMs: number | undefined;
  /** Sessions when its metrics were read last, and when it was first seen to terminate. */
  sessions: number;
  sessionsAtEnd: number | undefined;
};

/** A gateway that was just seen for the first time. */
export function newLife({ metadata }: GatewayPod, firstSeenMs: number): GatewayLife {
  return {
    name: metadata.name,
    uid: metadata.uid,
    template: metadata.labels?.['pod-template-hash'] ?? '',
    firstSeenMs,
    node: undefined,
    readyMs: undefined,
    isReady: false,
    restarts: 0,
    terminatingMs: undefined,
    graceSeconds: undefined,
    exitCode: undefined,
    goneMs: undefined,
    sessions: 0,
    sessionsAtEnd: undefined,
  };
}

/** Takes a newer state of its pod. */
export function follow(life: GatewayLife, { metadata, spec, status }: GatewayPod, atMs: number): void {
  life.node = spec.nodeName;
  life.isReady =
    status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
  if (life.isReady) life.readyMs ??= atMs;
  const [container] = status.containerStatuses ?? [];
  life.restarts = container?.restartCount ?? life.restarts;
  if (metadata.deletionTimestamp === undefined) return;
  if (life.terminatingMs === undefined) {
    life.terminatingMs = atMs;
    life.sessionsAtEnd = life.sessions;
    life.graceSeconds = metadata.deletionGracePeriodSeconds;
  }
  life.exitCode = container?.state?.terminated?.exitCode ?? life.exitCode;
}

/** Whether it took clients and nobody asked it to go. */
export function isServing({ isReady, terminatingMs, goneMs }: GatewayLife): boolean {
  return isReady && terminatingMs === undefined && goneMs === undefined;
}
