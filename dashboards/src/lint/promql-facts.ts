import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A label matcher: `label op "value"`. */
export type MatcherFact = { readonly label: string; readonly operator: string; readonly value: string };

/** One selector: a metric's name and its matchers. */
export type SelectorFact = { readonly metric: string; readonly matchers: readonly MatcherFact[] };

/** Labels named in `by (…)`, `on (…)` and the like, with the metrics that stand below that place. */
export type GroupingFact = { readonly label: string; readonly metrics: readonly string[] };

/** What a query names. `errors` holds the pieces of text that are not PromQL. */
export type PromqlFacts = {
  readonly errors: readonly string[];
  readonly selectors: readonly SelectorFact[];
  readonly groupings: readonly GroupingFact[];
};

/** Reads a query with Prometheus' own grammar; Grafana's variables must have been replaced. */
export function promqlFacts(query: string): PromqlFacts {
  const errors: string[] = [];
  const selectors: SelectorFact[] = [];
  const groupings: GroupingFact[] = [];
  const text = (node: SyntaxNode): string => query.slice(node.from, node.to);
  parser.parse(query).iterate({
    enter(reference) {
      const { node } = reference;
      if (node.type.isError) errors.push(query.slice(Math.max(0, node.from - 10), node.to + 10));
      if (node.name === 'VectorSelector') selectors.push(selectorFact(node, text));
      if (node.name === 'GroupingLabels') {
        const metrics = metricsBelow(enclosing(node), text);
        for (const label of children(node, 'LabelName')) groupings.push({ label: text(label), metrics });
      }
    },
  });
  return { errors, selectors, groupings };
}

type Text = (node: SyntaxNode) => string;

function selectorFact(node: SyntaxNode, text: Text): SelectorFact {
  const name = node.getChild('Identifier');
  const matchers = descendants(node, 'UnquotedLabelMatcher').map(matcher => {
    const [label, operator, value] = [matcher.firstChild, matcher.firstChild?.nextSibling, matcher.lastChild];
    return {
      label: label ? text(label) : '',
      operator: operator ? text(operator) : '',
      value: value ? text(value).slice(1, -1) : '',
    };
  });
  return { metric: name ? text(name) : '', matchers };
}

function enclosing(grouping: SyntaxNode): SyntaxNode {
  let node = grouping;
  while (node.parent !== null && node.name !== 'AggregateExpr' && node.name !== 'BinaryExpr')
    node = node.parent;
  return node;
}

function metricsBelow(node: SyntaxNode, text: Text): readonly string[] {
  return descendants(node, 'VectorSelector').map(selector => selectorFact(selector, text).metric);
}

function children(node: SyntaxNode, name: string): readonly SyntaxNode[] {
  return node.getChildren(name);
}

function descendants(node: SyntaxNode, name: string): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  node.cursor().iterate(reference => {
    if (reference.name === name && reference.from >= node.from && reference.to <= node.to)
      found.push(reference.node);
  });
  return found;
}
