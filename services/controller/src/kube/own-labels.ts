/** Labels of everything that the controller makes by itself, so that people can tell it from what was applied. */
export function ownLabels(component = 'controller'): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/name': 'kittiwake',
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': 'kittiwake',
    'app.kubernetes.io/managed-by': 'kittiwake-controller',
  };
}
