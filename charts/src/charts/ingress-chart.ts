import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { EnvoyGateway } from '../constructs/envoy-gateway.ts';
import { GatewayIngress } from '../constructs/ingress.ts';
import { CONTROLLER_PROFILES } from '../constructs/ingress-profile.ts';
import type { Values } from '../values.ts';

/** The way in from outside, as the cluster's ingress controller wants it. */
export class IngressChart extends Chart {
  constructor(scope: Construct, id: string, values: Values) {
    super(scope, id, { disableResourceNameHashes: true });
    const { profile } = values.ingress;
    switch (profile) {
      case 'none':
        return;
      case 'envoy-gateway':
        new EnvoyGateway(this, 'envoy-gateway', values);
        return;
      default:
        new GatewayIngress(this, profile, { values, profile: CONTROLLER_PROFILES[profile] });
    }
  }
}
