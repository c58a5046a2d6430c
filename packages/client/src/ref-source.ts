import { REF_MAX, type Ref } from '@kittiwake/protocol';

/** Makes refs: 1, 2, … and around again at the end of their range. */
export function refSource(): () => Ref {
  let last = 0;
  return () => {
    last = last === REF_MAX ? 1 : last + 1;
    return last;
  };
}
