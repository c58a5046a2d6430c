import { k8s } from 'cdk8s-plus-34';
import { Construct } from 'constructs';
import { type Component, labelsOf } from './labels.ts';

/** A ServiceAccount that gets rules. */
export type Subject = { readonly name: string; readonly namespace: string };

/** What a subject is allowed. */
export type Grant = { readonly rules: readonly k8s.PolicyRule[]; readonly subject: Subject };

/** Binds rules of one namespace to a subject of it, under one name. */
export class NamespacedRules extends Construct {
  constructor(scope: Construct, name: string, { rules, subject }: Grant) {
    super(scope, name);
    const metadata: k8s.ObjectMeta = { name, namespace: subject.namespace, labels: { ...labelsOf() } };
    new k8s.KubeRole(this, 'role', { metadata, rules: [...rules] });
    new k8s.KubeRoleBinding(this, 'binding', {
      metadata,
      roleRef: roleRef('Role', name),
      subjects: [serviceAccount(subject)],
    });
  }
}

/** Binds cluster-wide rules to a subject, under one name. */
export class ClusterRules extends Construct {
  constructor(scope: Construct, name: string, { rules, subject }: Grant) {
    super(scope, name);
    const metadata: k8s.ObjectMeta = { name, labels: { ...labelsOf() } };
    new k8s.KubeClusterRole(this, 'role', { metadata, rules: [...rules] });
    new k8s.KubeClusterRoleBinding(this, 'binding', {
      metadata,
      roleRef: roleRef('ClusterRole', name),
      subjects: [serviceAccount(subject)],
    });
  }
}

/** Lets a subject read the front proxy's CA, which tells it which callers the API server vouches for. */
export function addAuthenticationReader(scope: Construct, component: Component, subject: Subject): void {
  new k8s.KubeRoleBinding(scope, 'authentication-reader', {
    metadata: {
      name: `kittiwake-${component}-authentication-reader`,
      namespace: 'kube-system',
      labels: { ...labelsOf(component) },
    },
    roleRef: roleRef('Role', 'extension-apiserver-authentication-reader'),
    subjects: [serviceAccount(subject)],
  });
}

function roleRef(kind: 'Role' | 'ClusterRole', name: string): k8s.RoleRef {
  return { apiGroup: 'rbac.authorization.k8s.io', kind, name };
}

function serviceAccount({ name, namespace }: Subject): k8s.Subject {
  return { kind: 'ServiceAccount', name, namespace };
}
