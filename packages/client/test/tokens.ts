/** A callback that gives a new token each time, `token-1` first, and those that it gave. */
export function tokens(): { readonly token: () => Promise<string>; readonly issued: readonly string[] } {
  const issued: string[] = [];
  const token = async (): Promise<string> => {
    const next = `token-${issued.length + 1}`;
    issued.push(next);
    return next;
  };
  return { token, issued };
}
