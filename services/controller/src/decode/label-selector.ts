import { assertNever, err, ok, type Result } from '@kittiwake/base';

/** One requirement of a label selector; all must hold. */
export type Requirement =
  | { readonly kind: 'in'; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: 'notin'; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: 'exists'; readonly key: string }
  | { readonly kind: 'absent'; readonly key: string };

/** A parsed selector; without requirements it matches everything. */
export type LabelSelector = readonly Requirement[];

const KEY = '[A-Za-z0-9]([-A-Za-z0-9_./]{0,315}[A-Za-z0-9])?';
const VALUE = '([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?';
const EQUALITY = new RegExp(`^(?<key>${KEY})\\s*(?<operator>=|==|!=)\\s*(?<value>${VALUE})$`);
const SET = new RegExp(`^(?<key>${KEY})\\s+(?<operator>in|notin)\\s*\\((?<values>[^()]*)\\)$`);
const EXISTENCE = new RegExp(`^(?<not>!)?\\s*(?<key>${KEY})$`);
const ONE_VALUE = new RegExp(`^${VALUE}$`);
const SELECTOR_LENGTH_MAX = 4_096;

/** Parses the text form of a label selector (Kubernetes: "Labels and Selectors", both equality- and set-based). */
export function parseSelector(
  text: string,
): Result<LabelSelector, { readonly kind: 'bad_selector'; readonly message: string }> {
  if (text.length > SELECTOR_LENGTH_MAX)
    return err({ kind: 'bad_selector', message: 'the selector is too long' });
  if (text.trim() === '') return ok([]);
  const selector: Requirement[] = [];
  for (const part of splitOutsideParentheses(text)) {
    const requirement = parseRequirement(part.trim());
    if (requirement === undefined)
      return err({ kind: 'bad_selector', message: `cannot read "${part.trim().slice(0, 80)}"` });
    selector.push(requirement);
  }
  return ok(selector);
}

/** Whether labels meet a selector. As in Kubernetes, `!=` and `notin` also match where the label is absent. */
export function matches(selector: LabelSelector, labels: ReadonlyMap<string, string>): boolean {
  return selector.every(requirement => {
    const value = labels.get(requirement.key);
    switch (requirement.kind) {
      case 'exists':
        return value !== undefined;
      case 'absent':
        return value === undefined;
      case 'in':
        return value !== undefined && requirement.values.includes(value);
      case 'notin':
        return value === undefined || !requirement.values.includes(value);
      default:
        return assertNever(requirement);
    }
  });
}

function parseRequirement(part: string): Requirement | undefined {
  const equality = EQUALITY.exec(part)?.groups;
  if (equality !== undefined) {
    return {
      kind: equality['operator'] === '!=' ? 'notin' : 'in',
      key: equality['key'] ?? '',
      values: [equality['value'] ?? ''],
    };
  }
  const set = SET.exec(part)?.groups;
  if (set !== undefined) {
    const values = (set['values'] ?? '').split(',').map(value => value.trim());
    if (!values.every(value => ONE_VALUE.test(value))) return undefined;
    return { kind: set['operator'] === 'in' ? 'in' : 'notin', key: set['key'] ?? '', values };
  }
  const existence = EXISTENCE.exec(part)?.groups;
  if (existence === undefined) return undefined;
  return { kind: existence['not'] === '!' ? 'absent' : 'exists', key: existence['key'] ?? '' };
}

function splitOutsideParentheses(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}
