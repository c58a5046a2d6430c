export { type RenderedDashboard, renderDashboards } from './render-dashboards.ts';
export { renderRules, renderRulesYaml } from './render-rules.ts';
export {
  type AlertingRule,
  isAlert,
  type RecordingRule,
  type RuleFile,
  type RuleGroup,
} from './rules/rule-file.ts';
