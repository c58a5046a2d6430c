/** What this machine and its KUBECONFIG offer. */
export type Detected = {
  /** Builders that answer, in order of preference. */
  readonly builders: readonly Builder[];
  readonly cluster: Cluster;
  /** Path of the test cluster's program, where it exists. */
  readonly testCluster: string | undefined;
};

export const BUILDERS = ['docker', 'buildah', 'podman'] as const;
export type Builder = (typeof BUILDERS)[number];

/** The kind of cluster that the current context names, and its name there. */
export type Cluster =
  | { readonly kind: 'kind' | 'k3d' | 'minikube'; readonly name: string }
  | { readonly kind: 'test' | 'other' | 'none' };

/** One image of ours. */
export type Image = { readonly tag: string; readonly dockerfile: string };

/** A command to run from the repository's root. */
export type Step = { readonly what: string; readonly command: readonly string[] };

/** What to do, or why nothing can be done. */
export type Plan =
  | { readonly kind: 'run'; readonly steps: readonly Step[]; readonly note: string | undefined }
  | { readonly kind: 'impossible'; readonly why: string };

/** Where an image is saved on its way into a cluster. */
export function archiveOf(image: Image, directory: string): string {
  return `${directory}/${image.tag.replaceAll(/[/:]/g, '-')}.tar`;
}

/** The commands that build `images` and bring them into the cluster. Pure. */
export function planImages(images: readonly Image[], detected: Detected, directory: string): Plan {
  const { cluster, testCluster } = detected;
  if (cluster.kind === 'test' && testCluster !== undefined) {
    return { kind: 'run', steps: images.map(image => testClusterStep(image, testCluster)), note: undefined };
  }
  const builder = detected.builders[0];
  if (builder === undefined) return { kind: 'impossible', why: NO_BUILDER };
  const steps = images.flatMap(image => [
    buildStep(image, builder),
    ...loadSteps(image, { builder, cluster, archive: archiveOf(image, directory) }),
  ]);
  return { kind: 'run', steps, note: noteOf(cluster) };
}

const NO_BUILDER = [
  'No image builder answers here: install docker (and start its daemon), buildah, or podman.',
  'Images that a CI has pushed work as well: set images in charts/src/environments/, and KITTIWAKE_IMAGE_TAG.',
].join('\n');

function testClusterStep({ tag, dockerfile }: Image, program: string): Step {
  return {
    what: `build ${tag} and load it into every node`,
    command: [program, 'image', tag, '.', dockerfile],
  };
}

function buildStep({ tag, dockerfile }: Image, builder: Builder): Step {
  return {
    what: `build ${tag} with ${builder}`,
    command: [builder, 'build', '--quiet', '--file', dockerfile, '--tag', tag, '.'],
  };
}

/** From a builder into a cluster, by way of an archive where need be. */
type Way = { readonly builder: Builder; readonly cluster: Cluster; readonly archive: string };

/** docker's own images can be taken from its daemon; those of buildah and podman travel as an archive. */
function loadSteps({ tag }: Image, { builder, cluster, archive }: Way): readonly Step[] {
  switch (cluster.kind) {
    case 'none':
    case 'other':
    case 'test':
      return [];
    case 'kind':
    case 'k3d':
    case 'minikube':
      break;
  }
  const what = `load ${tag} into ${cluster.kind} ${cluster.name}`;
  if (builder === 'docker') return [{ what, command: loadImage(cluster.kind, cluster.name, tag) }];
  const target = `docker-archive:${archive}:docker.io/${tag}`;
  return [
    { what: `save ${tag}`, command: [builder, 'push', '--quiet', tag, target] },
    { what, command: loadArchive(cluster.kind, cluster.name, archive) },
  ];
}

function loadImage(kind: 'kind' | 'k3d' | 'minikube', name: string, tag: string): readonly string[] {
  switch (kind) {
    case 'kind':
      return ['kind', 'load', 'docker-image', '--name', name, tag];
    case 'k3d':
      return ['k3d', 'image', 'import', '--cluster', name, tag];
    case 'minikube':
      return ['minikube', '--profile', name, 'image', 'load', tag];
  }
}

function loadArchive(kind: 'kind' | 'k3d' | 'minikube', name: string, archive: string): readonly string[] {
  switch (kind) {
    case 'kind':
      return ['kind', 'load', 'image-archive', '--name', name, archive];
    case 'k3d':
      return ['k3d', 'image', 'import', '--cluster', name, archive];
    case 'minikube':
      return ['minikube', '--profile', name, 'image', 'load', archive];
  }
}

function noteOf(cluster: Cluster): string | undefined {
  if (cluster.kind === 'none')
    return 'KUBECONFIG names no cluster: the images are built, and loaded nowhere.';
  if (cluster.kind === 'other') {
    return 'The cluster is none of kind, k3d, minikube: push the images to a registry that it pulls from, and name it in charts/src/environments/.';
  }
  return undefined;
}

/** Which cluster a context is, by the names that kind, k3d, minikube and the test cluster give theirs. */
export function clusterOfContext(context: string | undefined): Cluster {
  if (context === undefined || context === '') return { kind: 'none' };
  if (context === 'kw') return { kind: 'test' };
  const named = /^(kind|k3d)-(.+)$/.exec(context);
  if (named?.[1] === 'kind' || named?.[1] === 'k3d') return { kind: named[1], name: named[2] ?? '' };
  return context.startsWith('minikube') ? { kind: 'minikube', name: context } : { kind: 'other' };
}
