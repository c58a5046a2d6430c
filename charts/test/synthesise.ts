import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertExists } from '@kittiwake/base';
import { Testing } from 'cdk8s';
import { buildApp } from '../src/app.ts';
import type { MonitoringAssets } from '../src/constructs/monitoring.ts';
import { ENVIRONMENTS } from '../src/environments/environment.ts';
import { INGRESS_PROFILES, type Values } from '../src/values.ts';

/** A manifest as far as tests look into it. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: { readonly [name: string]: string };
    readonly annotations?: { readonly [name: string]: string };
  };
  readonly spec?: Json;
  readonly data?: { readonly [file: string]: string };
  readonly rules?: Json;
  readonly subjects?: Json;
};

/** A tree of plain values that is walked by names. */
export type Json = { readonly [key: string]: Json } & readonly Json[] & (string | number | boolean);

/** Small stand-ins: what the dashboards package renders has tests of its own. */
export const ASSETS: MonitoringAssets = {
  dashboards: [{ name: 'overview', json: '{}\n' }],
  rules: { groups: [] },
  rulesYaml: 'groups: []\n',
};

/** Everything that an environment consists of. */
export function manifestsOf(values: Values, assets: MonitoringAssets = ASSETS): readonly Manifest[] {
  const { charts } = buildApp(values, assets, 'unused');
  return charts.flatMap(chart => Testing.synth(chart));
}

/** The files of an environment, by name, as they are written. */
export function filesOf(values: Values, assets: MonitoringAssets = ASSETS): ReadonlyMap<string, string> {
  const directory = mkdtempSync(join(tmpdir(), 'kittiwake-charts-'));
  buildApp(values, assets, directory).app.synth();
  const files = new Map(
    readdirSync(directory).map(name => [name, readFileSync(join(directory, name), 'utf8')]),
  );
  rmSync(directory, { recursive: true });
  return files;
}

/** The environment called `name`, its images tagged, with changes. */
export function environment(name: string, change: (values: Values) => Values = values => values): Values {
  const values = assertExists(ENVIRONMENTS[name], `there is an environment ${name}`);
  const images = {
    ...values.images,
    gateway: `${values.images.gateway}:test`,
    controller: `${values.images.controller}:test`,
  };
  return change({ ...values, images });
}

/** Every environment with every ingress profile, sticky paths, and every other profile, by a name that says which. */
export function allVariants(): readonly (readonly [name: string, values: Values])[] {
  return Object.keys(ENVIRONMENTS).flatMap(name => [
    ...INGRESS_PROFILES.map(
      profile =>
        [
          `${name} with ${profile}`,
          environment(name, v => ({ ...v, ingress: { ...v.ingress, profile, stickyPaths: ['/v1/events'] } })),
        ] as const,
    ),
    [
      `${name} with KEDA`,
      environment(name, v => ({ ...v, autoscaling: { ...v.autoscaling, profile: 'keda' } })),
    ] as const,
    [
      `${name} with PodMonitors`,
      environment(name, v => ({
        ...v,
        monitoring: { ...v.monitoring, scrape: 'pod-monitor', rules: 'prometheus-rule' },
      })),
    ] as const,
  ]);
}

/** The only manifest of a kind and name. */
export function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  return assertExists(
    manifests.find(m => m.kind === kind && m.metadata.name === name),
    `${kind} ${name} is there`,
  );
}

/** Its `spec`. */
export function specOf(manifests: readonly Manifest[], kind: string, name: string): Json {
  return assertExists(find(manifests, kind, name).spec, `${kind} ${name} has a spec`);
}

/** Pod templates by the name of their owner. */
export function podsOf(
  manifests: readonly Manifest[],
): readonly { readonly owner: string; readonly pod: Json; readonly labels: Json }[] {
  return manifests
    .filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind))
    .map(({ kind, metadata, spec }) => {
      const template = assertExists(spec?.['template'], `${kind} ${metadata.name} has pods`);
      return {
        owner: `${kind} ${metadata.name}`,
        pod: at(template, 'spec'),
        labels: at(template, 'metadata', 'labels'),
      };
    });
}

/** Walks into a tree; a missing step is a broken test. */
export function at(tree: Json, ...path: readonly (string | number)[]): Json {
  return path.reduce<Json>(
    (node, key) => assertExists(node[key as keyof Json] as Json | undefined, `${path.join('.')} is there`),
    tree,
  );
}
