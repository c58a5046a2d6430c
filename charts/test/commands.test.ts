import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SERVICES } from '../../tools/images/bundle/programs.ts';
import { at, environment, manifestsOf } from './synthesise.ts';

test('[G12] every container of our images runs a program that its image has', () => {
  const values = environment('local');
  const seen: string[] = [];
  for (const { kind, spec } of manifestsOf(values)) {
    if (spec === undefined || !['Deployment', 'Job'].includes(kind)) continue;
    const container = at(spec, 'template', 'spec', 'containers', 0);
    const service = (['gateway', 'controller'] as const).find(
      name => values.images[name] === container['image'],
    );
    if (service === undefined) continue;
    const [node, launcher, program] = at(container, 'command').map(String);
    assert.deepEqual([node, launcher], ['node', 'start.cjs']);
    assert.ok(Object.hasOwn(SERVICES[service].programs, String(program)), `${service} has ${program}`);
    seen.push(String(program));
  }
  assert.deepEqual(seen.toSorted(), ['bootstrap', 'controller', 'gateway']);
});
