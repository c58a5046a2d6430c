import { JSDOM } from 'jsdom';
import { act, createElement, type ReactNode, StrictMode } from 'react';
import type { Root } from 'react-dom/client';

const dom = new JSDOM('<!doctype html><main id="root"></main>');
// React looks these up when it is loaded, so they stand before it is imported.
Object.assign(globalThis, {
  window: dom.window,
  document: dom.window.document,
  IS_REACT_ACT_ENVIRONMENT: true,
});
const { createRoot } = await import('react-dom/client');

/** A mounted component. */
export type Mounted = {
  readonly element: HTMLElement;
  update(node: ReactNode): Promise<void>;
  unmount(): Promise<void>;
};

/** Mounts in StrictMode, which mounts everything twice. */
export async function mount(node: ReactNode): Promise<Mounted> {
  const element: HTMLElement = dom.window.document.createElement('div');
  const root: Root = createRoot(element);
  const render = (shown: ReactNode): Promise<void> =>
    act(async () => root.render(createElement(StrictMode, null, shown)));
  await render(node);
  return { element, update: render, unmount: () => act(async () => root.unmount()) };
}

/** Runs work whose changes of state are to be rendered. */
export function settle(work: () => Promise<void>): Promise<void> {
  return act(work);
}
