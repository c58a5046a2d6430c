import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { addDisruptionBudget } from '../constructs/disruption.ts';
import { RedisTier } from '../constructs/redis-tier.ts';
import { addServiceAccount } from '../constructs/service-account.ts';
import type { Values } from '../values.ts';

/** What carries publications between gateways: Redis and its Sentinels. */
export class BrokerChart extends Chart {
  constructor(scope: Construct, id: string, values: Values) {
    super(scope, id, { disableResourceNameHashes: true });
    addServiceAccount(this, values.namespace, 'redis');
    new RedisTier(this, 'tier', values);
    for (const component of ['redis', 'sentinel'] as const)
      addDisruptionBudget(new Construct(this, component), values, component);
  }
}
