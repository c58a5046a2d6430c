/** Members by score, then by name, as Redis keeps them. */
export class SortedSet {
  readonly #scores = new Map<string, number>();
  readonly #members: string[] = [];

  get size(): number {
    return this.#scores.size;
  }

  /** Sets a member's score; false where it had one already. */
  set(member: string, score: number): boolean {
    if (this.#scores.get(member) === score) return false;
    const isNew = !this.delete(member);
    this.#scores.set(member, score);
    this.#members.splice(this.#place(member, score), 0, member);
    return isNew;
  }

  delete(member: string): boolean {
    const score = this.#scores.get(member);
    if (score === undefined) return false;
    this.#members.splice(this.#place(member, score), 1);
    return this.#scores.delete(member);
  }

  score(member: string): number | undefined {
    return this.#scores.get(member);
  }

  /** Members from `start` up to and with `stop`, counted from 0; negative ones from the end. */
  range(start: number, stop: number): readonly string[] {
    const { length } = this.#members;
    const last = stop < 0 ? length + stop : stop;
    return this.#members.slice(start < 0 ? Math.max(0, length + start) : start, last + 1);
  }

  /** The first `count` members, after `skip`, whose score `fits`. */
  byScore(
    fits: (score: number) => boolean,
    { skip, count }: { readonly skip: number; readonly count: number },
  ): string[] {
    const found: string[] = [];
    let left = skip;
    for (const member of this.#members) {
      if (!fits(this.#scores.get(member) ?? 0)) {
        if (found.length > 0 || left < skip) break;
        continue;
      }
      if (left > 0) left -= 1;
      else if (found.length < count) found.push(member);
      else break;
    }
    return found;
  }

  /** Where the member stands, or would. */
  #place(member: string, score: number): number {
    let low = 0;
    let high = this.#members.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#members[middle] ?? '';
      const otherScore = this.#scores.get(other) ?? 0;
      if (otherScore < score || (otherScore === score && other < member)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
