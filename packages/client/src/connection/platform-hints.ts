/** Tells when the network or the user may be back: a reason to look at once instead of waiting. Returns how to stop. */
export type HintSource = (onHint: () => void) => () => void;

/** A target of events, as `window` and `document` are in browsers. */
type Target = {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
};

/** Hints of the browser: network online, page shown again, page back from the back/forward cache. Silent elsewhere. */
export const platformHints: HintSource = onHint => {
  const onVisible = (): void => {
    if (globalThis.document.visibilityState === 'visible') onHint();
  };
  const page: Target | undefined = globalThis.document;
  const window: Target | undefined = page === undefined ? undefined : globalThis.window;
  window?.addEventListener('online', onHint);
  window?.addEventListener('pageshow', onHint);
  page?.addEventListener('visibilitychange', onVisible);
  return () => {
    window?.removeEventListener('online', onHint);
    window?.removeEventListener('pageshow', onHint);
    page?.removeEventListener('visibilitychange', onVisible);
  };
};
