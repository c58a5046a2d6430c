import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { renderDashboards } from './render-dashboards.ts';
import { renderRulesYaml } from './render-rules.ts';

/** Writes every board and the rule file to `dashboards/dist/`: for provisioning by hand, and to look at. */
const dist = new URL('../dist/', import.meta.url);

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
for (const { name, json } of renderDashboards()) write(`${name}.dashboard.json`, json);
write('kittiwake.rules.yaml', renderRulesYaml());

function write(file: string, text: string): void {
  writeFileSync(new URL(file, dist), text);
  console.log(`dashboards/dist/${file}  ${text.length} bytes`);
}
