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

/** The longest tag that registries take. */
const TAG_PATTERN = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** The checked values of the environment called `name`, its own images tagged `imageTag`; or everything that is wrong with it. */
export function environmentNamed(name: string, imageTag: string): Result<Values, string> {
  const values = Object.hasOwn(ENVIRONMENTS, name) ? ENVIRONMENTS[name] : undefined;
  if (values === undefined)
    return err(`KITTIWAKE_ENVIRONMENT: there is no "${name}", only ${Object.keys(ENVIRONMENTS).join(', ')}`);
  if (!TAG_PATTERN.test(imageTag)) return err(`KITTIWAKE_IMAGE_TAG: "${imageTag}" is no image tag`);
  const problems = findProblems(values);
  return problems.length > 0 ? err(describeProblems(name, problems)) : ok(withImageTag(values, imageTag));
}

function withImageTag(values: Values, tag: string): Values {
  const { gateway, controller } = values.images;
  return {
    ...values,
    images: { ...values.images, gateway: `${gateway}:${tag}`, controller: `${controller}:${tag}` },
  };
}
