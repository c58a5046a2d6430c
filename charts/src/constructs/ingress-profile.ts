import type { IngressProfile, IngressValues } from '../values.ts';

/** Annotations by name. */
export type Annotations = { readonly [name: string]: string };

/** What an ingress controller has to be told, beyond a plain Ingress, to carry connections that live for hours. */
export type ControllerProfile = {
  readonly className: string;
  /** On every Ingress. */
  readonly ingress: (values: IngressValues) => Annotations;
  /** On Ingresses with TLS, and on the ones without. */
  readonly secure: Annotations;
  readonly plain: Annotations;
  /** On the Ingress and on the Service of sticky paths. */
  readonly stickyIngress: Annotations;
  readonly stickyService: Annotations;
};

/** Name of the cookie that keeps a client of a fallback transport at one gateway. */
const COOKIE = 'kittiwake';

const NOTHING: Annotations = {};

/** Profiles that are an Ingress with annotations; `envoy-gateway` and `none` are not. */
export const CONTROLLER_PROFILES: {
  readonly [P in Exclude<IngressProfile, 'envoy-gateway' | 'none'>]: ControllerProfile;
} = {
  // Carries upgraded connections without an idle timeout; stickiness is told by the Service.
  traefik: {
    className: 'traefik',
    ingress: () => NOTHING,
    secure: {
      'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
      'traefik.ingress.kubernetes.io/router.tls': 'true',
    },
    plain: { 'traefik.ingress.kubernetes.io/router.entrypoints': 'web' },
    stickyIngress: NOTHING,
    stickyService: {
      'traefik.ingress.kubernetes.io/service.sticky.cookie': 'true',
      'traefik.ingress.kubernetes.io/service.sticky.cookie.name': COOKIE,
      'traefik.ingress.kubernetes.io/service.sticky.cookie.httponly': 'true',
      'traefik.ingress.kubernetes.io/service.sticky.cookie.samesite': 'lax',
    },
  },
  // haproxy-ingress. timeout-stop and max-connections are global: see infra/README.md.
  haproxy: {
    className: 'haproxy',
    ingress: ({ idleTimeoutSeconds }) => ({
      'haproxy-ingress.github.io/timeout-tunnel': `${idleTimeoutSeconds}s`,
      'haproxy-ingress.github.io/balance-algorithm': 'leastconn',
    }),
    secure: { 'haproxy-ingress.github.io/ssl-redirect': 'true' },
    plain: { 'haproxy-ingress.github.io/ssl-redirect': 'false' },
    stickyIngress: {
      'haproxy-ingress.github.io/affinity': 'cookie',
      'haproxy-ingress.github.io/session-cookie-name': COOKIE,
      'haproxy-ingress.github.io/session-cookie-keywords': 'indirect nocache httponly',
      'haproxy-ingress.github.io/session-cookie-value-strategy': 'pod-uid',
    },
    stickyService: NOTHING,
  },
  // ingress-nginx has had no fixes since March 2026; for those who still run it. Every reload of it may cut connections.
  nginx: {
    className: 'nginx',
    ingress: ({ idleTimeoutSeconds }) => ({
      'nginx.ingress.kubernetes.io/proxy-read-timeout': String(idleTimeoutSeconds),
      'nginx.ingress.kubernetes.io/proxy-send-timeout': String(idleTimeoutSeconds),
    }),
    secure: { 'nginx.ingress.kubernetes.io/ssl-redirect': 'true' },
    plain: { 'nginx.ingress.kubernetes.io/ssl-redirect': 'false' },
    stickyIngress: {
      'nginx.ingress.kubernetes.io/affinity': 'cookie',
      'nginx.ingress.kubernetes.io/session-cookie-name': COOKIE,
      'nginx.ingress.kubernetes.io/session-cookie-change-on-failure': 'true',
    },
    stickyService: NOTHING,
  },
  // AWS Load Balancer Controller; certificates come from ACM by host name.
  alb: {
    className: 'alb',
    ingress: ({ idleTimeoutSeconds }) => ({
      'alb.ingress.kubernetes.io/scheme': 'internet-facing',
      'alb.ingress.kubernetes.io/target-type': 'ip',
      'alb.ingress.kubernetes.io/healthcheck-port': '8200',
      'alb.ingress.kubernetes.io/healthcheck-path': '/readyz',
      'alb.ingress.kubernetes.io/load-balancer-attributes': `idle_timeout.timeout_seconds=${idleTimeoutSeconds}`,
    }),
    secure: { 'alb.ingress.kubernetes.io/listen-ports': '[{"HTTPS":443}]' },
    plain: { 'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP":80}]' },
    stickyIngress: {
      'alb.ingress.kubernetes.io/target-group-attributes':
        'stickiness.enabled=true,stickiness.type=lb_cookie,stickiness.lb_cookie.duration_seconds=3600',
    },
    stickyService: NOTHING,
  },
};
