import { k8s } from 'cdk8s-plus-34';
import type { Construct } from 'constructs';
import { labelsOf } from './labels.ts';
import type { Subject } from './rbac.ts';

/** The one annotation that the controller sets on pods. */
const COST = 'controller.kubernetes.io/pod-deletion-cost';

/** Members of a pod's metadata that decide about more than the pod: who owns it, who selects it, what waits for its end. */
const GUARDED = ['labels', 'ownerReferences', 'finalizers'] as const;

/**
 * RBAC cannot say "this annotation and nothing else", and who may patch a pod may change its image. This says it: whatever else an update
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
    keepsAnnotations('object', 'oldObject'),
    keepsAnnotations('oldObject', 'object'),
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
        message: `the controller may change ${COST} of a pod, and nothing else`,
      },
    ],
  };
}

/** CEL: a member of the metadata that may be absent is the same before and after. */
function sameMember(member: string): string {
  const at = (object: string): string => `${object}.metadata.?${member}`;
  return `${at('object')} == ${at('oldObject')}`;
}

/** CEL: what one has, the other has as well, but for the cost. */
function keepsAnnotations(one: string, other: string): string {
  const of = (object: string): string => `${object}.metadata.?annotations.orValue({})`;
  return `${of(one)}.all(key, key == '${COST}' || (key in ${of(other)} && ${of(one)}[key] == ${of(other)}[key]))`;
}
