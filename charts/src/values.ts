/** What an environment says about its cluster: one readonly value, checked as a whole by `findProblems`. */

/** A CPU and memory request and limit. CPU has no limit: throttling a gateway is latency (ADR 0034). Canonical quantities only (G4). */
export type Resources = {
  /** Requested CPU, thousandths of a core. */
  readonly cpuMillis: number;
  /** Requested memory. */
  readonly memoryMiB: number;
  readonly memoryLimitMiB: number;
  /** Requested and allowed writable storage: logs, emptyDirs. */
  readonly storageMiB: number;
};

/** Whether replicas may share a node or zone when there is no other place. */
export type Spread = 'preferred' | 'required';

/** What deploys and drains are computed from; see `rollout-budget.ts`. */
export type BudgetValues = {
  /** From the creation of a gateway's pod to its readiness, at most, with its image on the node. */
  readonly startSeconds: number;
  /** Until every balancer knows of a new gateway, and has forgotten one that goes. */
  readonly endpointsSeconds: number;
  /** Between SIGTERM and the first `goaway`. */
  readonly readinessDelaySeconds: number;
  /** What is left for flushing and exiting before SIGKILL. */
  readonly marginSeconds: number;
  /** New sessions that one gateway takes per second at most, in a storm. */
  readonly acceptPerSecond: number;
  /**
   * Of these, what one gateway takes per second from those that hand over. Nobody is in a hurry then, and everybody else
   * feels what it costs. At most half of `acceptPerSecond`: who moves is not to be refused for others that come.
   */
  readonly handoverPerSecond: number;
  /** New gateways that a deploy may start at once, per hundred. Less than 100 needs fewer nodes at once, and more time. */
  readonly surgePercent: number;
};

/** What the gateways are told of channels; the notation of the gateway's configuration file. */
export type ChannelValues = {
  readonly pattern: string;
  readonly history?: { readonly size?: number; readonly age?: string };
  readonly presence?: boolean;
  readonly conflate?: boolean;
  readonly ack?: 'received' | 'primary' | 'replicated';
  readonly visibility?: 'stored' | 'replicated';
  readonly rate?: { readonly perSecond: number; readonly burst: number };
};

export type GatewayValues = {
  readonly resources: Resources;
  readonly spread: Spread;
  readonly budget: BudgetValues;
  /** Connections that one gateway takes at most. */
  readonly connectionsMax: number;
  /** Connections from one address; behind an ingress that hides addresses this is everybody's together. */
  readonly connectionsPerAddressMax: number;
  /** Origins of pages that may connect; `*` allows all. */
  readonly origins: readonly string[];
  /** CIDRs of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  readonly channels: readonly ChannelValues[];
  /** Where traces go, such as `http://collector.monitoring:4318`; none is made without. */
  readonly otlpEndpoint: string | undefined;
  /** Ports outside the cluster that gateways may reach: key sets, responders. */
  readonly egressPorts: readonly number[];
};

/** Autoscaling of the gateways on active connections. */
export type AutoscalingValues = {
  /** `custom-metrics`: the controller serves the metric. `keda`: a ScaledObject asks the gateways through KEDA. */
  readonly profile: 'custom-metrics' | 'keda';
  readonly replicasMin: number;
  readonly replicasMax: number;
  /** Active connections per gateway that the autoscaler aims at. */
  readonly connectionsTarget: number;
  /** How long a lower need must last; one gateway at a time is taken away then, as `rollout-budget.ts` says. */
  readonly scaleDownStabilizationSeconds: number;
};

export type ControllerValues = { readonly replicas: number; readonly resources: Resources };

/** The Redis tier: `replicas` of Redis and as many Sentinels. */
export type RedisValues = {
  readonly replicas: number;
  readonly sentinels: number;
  /** Sentinels that must agree that the primary is gone. */
  readonly quorum: number;
  readonly downAfterMs: number;
  readonly failoverTimeoutMs: number;
  /** Replicas that must be in touch for the primary to take writes, and how recently they were. */
  readonly minReplicasToWrite: number;
  readonly minReplicasMaxLagSeconds: number;
  /** Data of one Redis; the rest of its memory is for buffers and for copy-on-write. */
  readonly dataMiB: number;
  readonly pubsubBufferMiB: number;
  /** How long a stopping primary may take to hand over. */
  readonly handoverSeconds: number;
  readonly gracePeriodSeconds: number;
  readonly spread: Spread;
  readonly resources: Resources;
  readonly sentinelResources: Resources;
  /** `ephemeral`: emptyDirs, the tier lives on its replicas. `persistent`: a claim per pod. */
  readonly storage:
    | { readonly kind: 'ephemeral' }
    | { readonly kind: 'persistent'; readonly sizeGiB: number; readonly storageClass: string | undefined };
};

export const INGRESS_PROFILES = ['traefik', 'haproxy', 'envoy-gateway', 'nginx', 'alb', 'none'] as const;
export type IngressProfile = (typeof INGRESS_PROFILES)[number];

export type IngressValues = {
  readonly profile: IngressProfile;
  /** Ingress class, or class of the Gateway; the profile's usual one where undefined. */
  readonly className: string | undefined;
  /** Host name; any where undefined. */
  readonly host: string | undefined;
  /** Also without TLS. */
  readonly plain: boolean;
  /** How long a connection may be silent at the proxy. */
  readonly idleTimeoutSeconds: number;
  /** Paths of transports that need the same gateway for several requests. WebSockets need none (ADR 0033). */
  readonly stickyPaths: readonly string[];
};

export type MonitoringValues = {
  /** How Prometheus finds pods. */
  readonly scrape: 'annotations' | 'pod-monitor';
  /** What carries recording and alerting rules. */
  readonly rules: 'config-map' | 'prometheus-rule';
  /** Namespace that scrapes; only it and this one may reach the operations ports. */
  readonly namespace: string;
  /** Labels that the operator's Prometheus selects PodMonitors and PrometheusRules by. */
  readonly selectorLabels: { readonly [label: string]: string };
};

/** Everything. */
export type Values = {
  readonly environment: string;
  readonly namespace: string;
  readonly images: {
    readonly gateway: string;
    readonly controller: string;
    readonly redis: string;
    readonly pullPolicy: 'IfNotPresent' | 'Always';
  };
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Names and addresses in the self-signed certificate that is made when `kittiwake-tls` is absent. */
  readonly tlsHosts: readonly string[];
  readonly gateway: GatewayValues;
  readonly autoscaling: AutoscalingValues;
  readonly controller: ControllerValues;
  readonly redis: RedisValues;
  readonly ingress: IngressValues;
  /** Gateways, controllers, Redis or Sentinels that may be away at once by choice. */
  readonly disruption: { readonly unavailableMax: number };
  readonly monitoring: MonitoringValues;
};
