/** What a platform team may want to change about boards and rules, in one place. */
export const CONFIG = {
  /** Where an alert's runbook is read; the alert's name and `.md` follow. */
  runbookBaseUrl: 'https://github.com/kittiwake/kittiwake/blob/main/dashboards/runbooks/',
  /** Prefix of the boards' stable uids; links between boards rely on it. */
  uidPrefix: 'kittiwake-',
  tag: 'kittiwake',
  /** How often rules are evaluated. */
  evaluationInterval: '30s',
  /** Labels that the scrape adds to every series; `pod` is what boards call the gateway. */
  targetLabels: ['namespace', 'pod', 'job', 'instance', 'container', 'node', 'service', 'endpoint'],
} as const;
