/** Keys that no object on the wire may have, at any depth: code that copies objects by key would change their prototype (SPEC M7). */
export const FORBIDDEN_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** Whether `key` may not be used. */
export function isForbiddenKey(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}
