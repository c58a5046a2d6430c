import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { boardProblems } from '../src/lint/board-problems.ts';
import { lint } from '../src/lint/lint.ts';
import { recordedSeries } from '../src/lint/recorded-series.ts';
import { renderDashboards } from '../src/render-dashboards.ts';
import { renderRules, renderRulesYaml } from '../src/render-rules.ts';

const recorded = recordedSeries(renderRules());
const boards = renderDashboards();
const parsed = (name: string): Dashboard =>
  JSON.parse(boards.find(board => board.name === name)?.json ?? '{}');

test('[O7] no board, rule, alert or runbook has a problem', () => {
  assert.deepEqual(lint(), []);
});

test('[O5] the boards and their uids are the ones that links and bookmarks know', () => {
  assert.deepEqual(
    boards.map(({ name }) => [name, parsed(name).uid]),
    [
      ['overview', 'kittiwake-overview'],
      ['gateway', 'kittiwake-gateway'],
      ['broker', 'kittiwake-broker'],
      ['latency', 'kittiwake-latency'],
      ['handover', 'kittiwake-handover'],
      ['controller', 'kittiwake-controller'],
    ],
  );
});

test('[O6] rendering twice gives the same bytes', () => {
  assert.deepEqual(renderDashboards(), boards);
  assert.equal(renderRulesYaml(), renderRulesYaml());
});

test('[O6] a board fits into a ConfigMap many times over', () => {
  for (const { name, json } of boards) assert.ok(json.length < 256 * 1024, name);
});

test('[O5] a panel without unit, description or query does not pass', () => {
  const board = parsed('broker');
  const panel = board.panels?.find(one => one.type === 'timeseries');
  assert.ok(panel !== undefined && 'fieldConfig' in panel);
  Object.assign(panel, { description: '', targets: [], fieldConfig: { defaults: {}, overrides: [] } });
  const problems = boardProblems(board, recorded).join('\n');
  assert.match(problems, /no description/);
  assert.match(problems, /no unit/);
  assert.match(problems, /no query/);
});

test('[O5] panels that lie over each other do not pass', () => {
  const board = parsed('latency');
  for (const panel of board.panels ?? []) panel.gridPos = { x: 0, y: 0, w: 12, h: 8 };
  assert.ok(boardProblems(board, recorded).some(problem => problem.includes('lies over')));
});

test('[O5] every board has the shape that Grafana imports', () => {
  for (const { name } of boards) {
    const board = parsed(name);
    assert.ok((board.schemaVersion ?? 0) >= 36, `${name} has a schema that Grafana 10 knows`);
    assert.equal(board.id ?? null, null, `${name} leaves its id to Grafana`);
    assert.equal(board.editable, false);
    for (const panel of board.panels ?? []) {
      if (panel.type === 'row') continue;
      assert.ok(['timeseries', 'stat', 'heatmap'].includes(panel.type), panel.type);
      assert.ok('targets' in panel && panel.targets !== undefined);
      const ids = panel.targets.map(target => ('refId' in target ? target.refId : undefined));
      assert.equal(new Set(ids).size, ids.length, `${panel.title} has distinct refIds`);
      assert.ok(ids.every(id => typeof id === 'string'));
    }
  }
});
