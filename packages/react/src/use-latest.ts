import { type RefObject, useInsertionEffect, useRef } from 'react';

/**
 * A ref that holds the value of the latest render, so that a listener added once calls the newest handler.
 * @example const handler = useLatest(onMessage);
 */
export function useLatest<T>(value: T): RefObject<T> {
  const ref = useRef(value);
  useInsertionEffect(() => {
    ref.current = value;
  });
  return ref;
}
