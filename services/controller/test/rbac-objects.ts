/** The rules of RBAC.md as objects, so that the tests run with those rights and no others. */

/** One object, and the collection that it belongs to. */
export type RbacObject = {
  readonly path: string;
  readonly object: unknown;
  readonly isClusterScoped: boolean;
};

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const METRIC = 'kittiwake_connections_active';

type Rule = Readonly<Record<string, readonly string[]>>;

/** Everything for one namespace. Cluster-scoped names end in the namespace, so that tests do not meet a deployment. */
export function rbacObjects(namespace: string): readonly RbacObject[] {
  const controller = { namespace, name: 'controller' };
  const bootstrap = { namespace, name: 'bootstrap' };
  const autoscaler = { namespace: 'kube-system', name: 'horizontal-pod-autoscaler' };
  return [
    account(controller),
    account(bootstrap),
    ...clusterRole(`kittiwake-controller-${namespace}`, CONTROLLER_CLUSTER_RULES, controller),
    ...role('kittiwake-controller', CONTROLLER_RULES, controller),
    ...role('kittiwake-bootstrap', BOOTSTRAP_RULES, bootstrap),
    {
      ...binding({ namespace: 'kube-system', name: `kittiwake-${namespace}` }, READER_ROLE, controller),
      isClusterScoped: true,
    },
    ...clusterRole(`kittiwake-metrics-reader-${namespace}`, READER_RULES, autoscaler),
  ];
}

const READER_ROLE = 'extension-apiserver-authentication-reader';

const CONTROLLER_CLUSTER_RULES: readonly Rule[] = [
  {
    apiGroups: ['apiregistration.k8s.io'],
    resources: ['apiservices'],
    verbs: ['get', 'patch'],
    resourceNames: ['v1beta1.custom.metrics.k8s.io', 'v1beta2.custom.metrics.k8s.io'],
  },
  { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
];

const CONTROLLER_RULES: readonly Rule[] = [
  { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch', 'patch'] },
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list', 'watch'], resourceNames: ['gateway'] },
  { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list', 'watch'] },
  {
    apiGroups: ['autoscaling'],
    resources: ['horizontalpodautoscalers'],
    verbs: ['list', 'watch'],
    resourceNames: ['gateway'],
  },
  { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
  {
    apiGroups: [''],
    resources: ['configmaps'],
    verbs: ['get', 'patch'],
    resourceNames: ['kittiwake-status'],
  },
  { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
  {
    apiGroups: [''],
    resources: ['secrets'],
    verbs: ['get', 'update'],
    resourceNames: ['kittiwake-controller-tls'],
  },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    verbs: ['get', 'update'],
    resourceNames: ['kittiwake-controller'],
  },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create'] },
];

const BOOTSTRAP_RULES: readonly Rule[] = [
  { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
  { apiGroups: ['batch'], resources: ['jobs'], verbs: ['list', 'delete'] },
];

const READER_RULES: readonly Rule[] = [
  { apiGroups: ['custom.metrics.k8s.io'], resources: [`pods/${METRIC}`], verbs: ['get'] },
  { apiGroups: ['custom.metrics.k8s.io'], resources: ['metrics'], resourceNames: [METRIC], verbs: ['get'] },
];

type Subject = { readonly namespace: string; readonly name: string };

function account(subject: Subject): RbacObject {
  const path = `/api/v1/namespaces/${subject.namespace}/serviceaccounts`;
  return { path, object: { metadata: subject }, isClusterScoped: false };
}

function role(name: string, rules: readonly Rule[], subject: Subject): readonly RbacObject[] {
  const metadata = { name, namespace: subject.namespace };
  const path = `${RBAC}/namespaces/${subject.namespace}/roles`;
  return [{ path, object: { metadata, rules }, isClusterScoped: false }, binding(metadata, name, subject)];
}

function binding(metadata: Subject, name: string, subject: Subject): RbacObject {
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
  const object = { metadata, roleRef, subjects: [{ kind: 'ServiceAccount', ...subject }] };
  return { path: `${RBAC}/namespaces/${metadata.namespace}/rolebindings`, object, isClusterScoped: false };
}

function clusterRole(name: string, rules: readonly Rule[], subject: Subject): readonly RbacObject[] {
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  const bindingObject = { metadata: { name }, roleRef, subjects: [{ kind: 'ServiceAccount', ...subject }] };
  return [
    { path: `${RBAC}/clusterroles`, object: { metadata: { name }, rules }, isClusterScoped: true },
    { path: `${RBAC}/clusterrolebindings`, object: bindingObject, isClusterScoped: true },
  ];
}
