/** A Deployment of gateways that are a script of Node, with the operations port that it serves. */
export function scriptedGateways(gateways: {
  readonly replicas: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly script: string;
}): unknown {
  const { replicas, labels, script } = gateways;
  const container = {
    name: 'gateway',
    image: 'node:26-bookworm-slim',
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '-e', script],
    readinessProbe: { httpGet: { path: '/readyz', port: 8200 }, periodSeconds: 1 },
  };
  return {
    metadata: { name: 'gateway' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 1, containers: [container] },
      },
    },
  };
}
