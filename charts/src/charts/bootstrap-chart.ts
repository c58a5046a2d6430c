import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { addBootstrapJob } from '../constructs/bootstrap-job.ts';
import { BOOTSTRAP_RULES } from '../constructs/controller-rules.ts';
import { NamespacedRules } from '../constructs/rbac.ts';
import { addServiceAccount } from '../constructs/service-account.ts';
import type { Values } from '../values.ts';

/** The Job that makes the Secrets which are absent: no manifest holds one. */
export class BootstrapChart extends Chart {
  constructor(scope: Construct, id: string, values: Values) {
    super(scope, id, { disableResourceNameHashes: true });
    const { namespace } = values;
    addServiceAccount(this, namespace, 'bootstrap');
    new NamespacedRules(this, 'kittiwake-bootstrap', {
      rules: BOOTSTRAP_RULES,
      subject: { name: 'bootstrap', namespace },
    });
    addBootstrapJob(this, values);
  }
}
