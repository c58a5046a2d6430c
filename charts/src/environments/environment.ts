import { err, ok, type Result } from '@kittiwake/base';
import { describeProblems, findProblems } from '../relations.ts';
import type { Values } from '../values.ts';
import { LOCAL } from './local.ts';
import { PRODUCTION } from './production.ts';
import { STAGING } from './staging.ts';

/** One file per cluster; add yours here. */
export const ENVIRONMENTS: { readonly [name: string]: Values } = {
  local: LOCAL,
  staging: STAGING,
  production: PRODUCTION,
};

/** What differs from one build to the next. */
export type BuildOptions = {
  /** Tag of both images of ours. */
  readonly imageTag: string;
  /** Where they are pulled from, such as `ghcr.io/acme`; the nodes themselves, or Docker Hub, where undefined. */
  readonly registry?: string | undefined;
};

/** The longest tag that registries take, and host and path of a registry. */
const TAG_PATTERN = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const REGISTRY_PATTERN = /^[a-z0-9.-]+(:[0-9]+)?(\/[a-z0-9._-]+)*$/;

/** The checked values of the environment called `name` with the images of a build; or everything that is wrong with it. */
export function environmentNamed(name: string, build: BuildOptions): Result<Values, string> {
  const values = Object.hasOwn(ENVIRONMENTS, name) ? ENVIRONMENTS[name] : undefined;
  if (values === undefined) {
    return err(`KITTIWAKE_ENVIRONMENT: there is no "${name}", only ${Object.keys(ENVIRONMENTS).join(', ')}`);
  }
  if (!TAG_PATTERN.test(build.imageTag))
    return err(`KITTIWAKE_IMAGE_TAG: "${build.imageTag}" is no image tag`);
  if (build.registry !== undefined && !REGISTRY_PATTERN.test(build.registry)) {
    return err(`KITTIWAKE_IMAGE_REGISTRY: "${build.registry}" is no registry`);
  }
  const problems = findProblems(values);
  return problems.length > 0 ? err(describeProblems(name, problems)) : ok(withImages(values, build));
}

function withImages(values: Values, { imageTag, registry }: BuildOptions): Values {
  const named = (image: string): string =>
    `${registry === undefined ? '' : `${registry}/`}${image}:${imageTag}`;
  const { gateway, controller } = values.images;
  return { ...values, images: { ...values.images, gateway: named(gateway), controller: named(controller) } };
}
