import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { renderDashboards, renderRules, renderRulesYaml } from '@kittiwake/dashboards';
import { buildApp } from './app.ts';
import { environmentNamed } from './environments/environment.ts';

/**
 * Writes `dist/*.yaml` for KITTIWAKE_ENVIRONMENT (default `local`) with images tagged KITTIWAKE_IMAGE_TAG (default `dev`)
 * from KITTIWAKE_IMAGE_REGISTRY (default none).
 */
const values = environmentNamed(process.env['KITTIWAKE_ENVIRONMENT'] ?? 'local', {
  imageTag: process.env['KITTIWAKE_IMAGE_TAG'] ?? 'dev',
  registry: process.env['KITTIWAKE_IMAGE_REGISTRY'],
});
// The cdk8s command line says where it wants the manifests.
const outdir = process.env['CDK8S_OUTDIR'] ?? 'dist';

if (values.ok) {
  removeOldManifests(outdir);
  const assets = { dashboards: renderDashboards(), rules: renderRules(), rulesYaml: renderRulesYaml() };
  buildApp(values.value, assets, outdir).app.synth();
  console.log(
    `${values.value.environment}: wrote ${manifestsIn(outdir)
      .map(name => join(outdir, name))
      .join(' ')}`,
  );
} else {
  console.error(values.error);
  process.exitCode = 1;
}

/** A chart that an environment does not have must not be applied from an earlier run. */
function removeOldManifests(directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const name of manifestsIn(directory)) rmSync(join(directory, name));
}

function manifestsIn(directory: string): readonly string[] {
  return readdirSync(directory).filter(name => /^[0-9]{4}-.*\.yaml$/.test(name));
}
