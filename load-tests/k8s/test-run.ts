import { stringify } from 'yaml';
import type { ScenarioName } from '../launcher/plan-run.ts';
import type { ProfileName } from '../profiles/profile.ts';

/** What a run in the cluster may choose. */
export type TestRunOptions = {
  readonly scenario: ScenarioName;
  readonly profile: ProfileName;
  /** Runner pods; the groups are divided among them. Each judges its own thresholds. */
  readonly parallelism: number;
  readonly url: string;
};

/** The in-cluster address: the Service, without the ingress. */
export const DEFAULT_TEST_RUN: TestRunOptions = {
  scenario: 'latency',
  profile: 'average',
  parallelism: 2,
  url: 'ws://gateway.kittiwake.svc/v1/ws',
};

const IMAGE = 'grafana/k6:1.8.1';

/** Name of the ConfigMap that holds a scenario's bundle. */
export function configMapName(scenario: ScenarioName): string {
  return `kittiwake-load-${scenario}`;
}

/** A TestRun of k6-operator (k6.io/v1alpha1). Tokens are signed with the cluster's own key, which only the runners see. */
export function testRun(options: TestRunOptions): object {
  const { scenario, profile, parallelism, url } = options;
  return {
    apiVersion: 'k6.io/v1alpha1',
    kind: 'TestRun',
    metadata: { name: `kittiwake-load-${scenario}`, namespace: 'kittiwake' },
    spec: {
      parallelism,
      script: { configMap: { name: configMapName(scenario), file: `${scenario}.js` } },
      arguments: `--tag testid=${scenario}-${profile}`,
      cleanup: 'post',
      runner: {
        image: IMAGE,
        env: [
          { name: 'URL', value: url },
          { name: 'PROFILE', value: profile },
          { name: 'RESULTS_DIR', value: '' },
          {
            name: 'SIGNING_KEY',
            valueFrom: { secretKeyRef: { name: 'kittiwake-signing-keys', key: 'current' } },
          },
        ],
        resources: { requests: { cpu: '1', memory: '512Mi' }, limits: { memory: '2Gi' } },
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 12_345,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    },
  };
}

/** The TestRun as YAML. */
export function testRunYaml(options: TestRunOptions): string {
  return `# Made by \`npm run load:manifest\`; the ConfigMap with the script comes from there as well.\n${stringify(testRun(options))}`;
}

/** The ConfigMap with a scenario's bundle, as YAML. */
export function configMapYaml(scenario: ScenarioName, script: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: configMapName(scenario), namespace: 'kittiwake' },
    data: { [`${scenario}.js`]: script },
  });
}
