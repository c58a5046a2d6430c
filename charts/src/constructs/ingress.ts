import { k8s } from 'cdk8s-plus-34';
import { Construct } from 'constructs';
import type { Values } from '../values.ts';
import { GATEWAY_PORTS } from './gateway-config.ts';
import type { Annotations, ControllerProfile } from './ingress-profile.ts';
import { IN_SERVICE, labelsOf, selectorOf } from './labels.ts';

/** Paths that clients of gateways use. */
const CLIENT_PATHS = ['/v1'];

/** One Ingress to make. */
type Route = {
  readonly name: string;
  readonly service: string;
  readonly paths: readonly string[];
  readonly secure: boolean;
  readonly annotations: Annotations;
};

/** An environment, and what its ingress controller has to be told. */
export type IngressProps = { readonly values: Values; readonly profile: ControllerProfile };

/** A plain Ingress with TLS, one without where that is wanted, and a sticky pair for the paths that need it (ADR 0033). */
export class GatewayIngress extends Construct {
  constructor(scope: Construct, id: string, props: IngressProps) {
    super(scope, id);
    const { stickyPaths, plain } = props.values.ingress;
    const sticky = stickyPaths.length > 0;
    if (sticky) addStickyService(this, props);
    const kinds = [{ secure: true, suffix: '' }, ...(plain ? [{ secure: false, suffix: '-plain' }] : [])];
    for (const { secure, suffix } of kinds) {
      addIngress(this, props, {
        name: `gateway${suffix}`,
        service: 'gateway',
        paths: CLIENT_PATHS,
        secure,
        annotations: {},
      });
      if (!sticky) continue;
      addIngress(this, props, {
        name: `gateway-sticky${suffix}`,
        service: 'gateway-sticky',
        paths: stickyPaths,
        secure,
        annotations: props.profile.stickyIngress,
      });
    }
  }
}

function addIngress(scope: Construct, { values, profile }: IngressProps, route: Route): void {
  const { host, className } = values.ingress;
  const annotations = {
    ...profile.ingress(values.ingress),
    ...(route.secure ? profile.secure : profile.plain),
    ...route.annotations,
  };
  const paths = route.paths.map(path => ({
    path,
    pathType: 'Prefix',
    backend: { service: { name: route.service, port: { number: 80 } } },
  }));
  new k8s.KubeIngress(scope, route.name, {
    metadata: {
      name: route.name,
      namespace: values.namespace,
      labels: { ...labelsOf('ingress') },
      annotations,
    },
    spec: {
      ingressClassName: className ?? profile.className,
      ...(route.secure
        ? { tls: [{ secretName: 'kittiwake-tls', ...(host === undefined ? {} : { hosts: [host] }) }] }
        : {}),
      rules: [{ ...(host === undefined ? {} : { host }), http: { paths } }],
    },
  });
}

function addStickyService(scope: Construct, { values, profile }: IngressProps): void {
  new k8s.KubeService(scope, 'sticky-service', {
    metadata: {
      name: 'gateway-sticky',
      namespace: values.namespace,
      labels: { ...labelsOf('gateway') },
      annotations: { ...profile.stickyService },
    },
    spec: {
      type: 'ClusterIP',
      selector: { ...selectorOf('gateway'), ...IN_SERVICE },
      ports: [
        {
          name: 'http',
          port: 80,
          targetPort: k8s.IntOrString.fromNumber(GATEWAY_PORTS.clients),
          protocol: 'TCP',
        },
      ],
    },
  });
}
