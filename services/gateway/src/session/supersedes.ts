/**
 * Whether a connect of a session comes after another one, by what their clients count (SPEC S6). A connect can arrive
 * long after its client gave it up, as at a gateway that hung; who does not count is taken for the newest.
 */
export function supersedes(attempt: number | undefined, other: number | undefined): boolean {
  return attempt === undefined || other === undefined || attempt >= other;
}
