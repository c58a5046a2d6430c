import { k8s } from 'cdk8s-plus-34';
import type { Construct } from 'constructs';
import { IN_SERVICE, labelsOf } from './labels.ts';
import type { Subject } from './rbac.ts';

/** The annotation and the label that the controller sets on pods. No workload selects by that label. */
const COST = 'controller.kubernetes.io/pod-deletion-cost';
const SET = { annotations: [COST], labels: Object.keys(IN_SERVICE) } as const;

/** Members of a pod's metadata that decide about more than the pod: who owns it, what waits for its end. */
const GUARDED = ['ownerReferences', 'finalizers'] as const;

/**
 * RBAC cannot say "these and nothing else", and who may patch a pod may change its image. This says it: whatever else an update
 * of a pod by the controller's account would change is refused by the API server.
 */
export function addPodGuard(scope: Construct, subject: Subject): void {
  const metadata: k8s.ObjectMeta = {
    name: `kittiwake-${subject.name}-pods.${subject.namespace}`,
    labels: { ...labelsOf('controller') },
  };
  new k8s.KubeValidatingAdmissionPolicy(scope, 'pod-guard', { metadata, spec: guardSpec(subject) });
  new k8s.KubeValidatingAdmissionPolicyBinding(scope, 'pod-guard-binding', {
    metadata,
    spec: { policyName: metadata.name ?? '', validationActions: ['Deny'] },
  });
}

function guardSpec({ name, namespace }: Subject): k8s.ValidatingAdmissionPolicySpec {
  const updates = {
    apiGroups: [''],
    apiVersions: ['v1'],
    operations: ['UPDATE'],
    resources: ['pods'],
    scope: '*',
  };
  const isSame = [
    'object.spec == oldObject.spec',
    ...GUARDED.map(sameMember),
    ...keepsAllBut('annotations'),
    ...keepsAllBut('labels'),
  ];
  return {
    failurePolicy: 'Fail',
    matchConstraints: {
      matchPolicy: 'Equivalent',
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      objectSelector: {},
      resourceRules: [updates],
    },
    matchConditions: [
      {
        name: 'the-controller',
        expression: `request.userInfo.username == 'system:serviceaccount:${namespace}:${name}'`,
      },
    ],
    validations: [
      {
        expression: isSame.join(' && '),
        message: `the controller may change ${[...SET.annotations, ...SET.labels].join(' and ')} of a pod, and nothing else`,
      },
    ],
  };
}

/** CEL: a member of the metadata that may be absent is the same before and after. */
function sameMember(member: string): string {
  const at = (object: string): string => `${object}.metadata.?${member}`;
  return `${at('object')} == ${at('oldObject')}`;
}

/** CEL: what one has, before or after, the other has as well, but for what the controller sets. */
function keepsAllBut(member: keyof typeof SET): readonly string[] {
  const of = (object: string): string => `${object}.metadata.?${member}.orValue({})`;
  const keeps = (one: string, other: string): string =>
    `${of(one)}.all(key, key in ${JSON.stringify(SET[member])} || (key in ${of(other)} && ${of(one)}[key] == ${of(other)}[key]))`;
  return [keeps('object', 'oldObject'), keeps('oldObject', 'object')];
}
