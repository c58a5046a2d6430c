/** Reads environment variables and remembers every problem, so that all of them are reported together. */

/** The variables of a process. */
export type Variables = { readonly [name: string]: string | undefined };

/** One variable that is missing or wrong. */
export type ConfigProblem = { readonly variable: string; readonly problem: string };

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Typed readers; each returns a usable value and notes a problem where there is one. */
export class Environment {
  readonly #variables: Variables;
  readonly #problems: ConfigProblem[] = [];

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  /** Everything that was wrong so far. */
  get problems(): readonly ConfigProblem[] {
    return this.#problems;
  }

  /** Notes a problem that spans several variables. */
  reject(variable: string, problem: string): void {
    this.#problems.push({ variable, problem });
  }

  /** The text as it stands, or `fallback` where the variable is not set. An empty text counts as set. */
  text(variable: string, fallback: string): string {
    return this.#variables[variable] ?? fallback;
  }

  /** A name as Kubernetes has them (RFC 1123 subdomain); required where there is no `fallback`. */
  name(variable: string, fallback = ''): string {
    const value = this.text(variable, fallback);
    if (value === '') this.reject(variable, 'is required');
    else if (!NAME.test(value)) this.reject(variable, 'is not a Kubernetes name');
    return value;
  }

  /** A whole number within bounds, both included. */
  integer(
    variable: string,
    bounds: { readonly fallback: number; readonly min: number; readonly max: number },
  ): number {
    const text = this.#variables[variable];
    if (text === undefined || text === '') return bounds.fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return value;
    this.reject(variable, `must be a whole number from ${bounds.min} to ${bounds.max}`);
    return bounds.fallback;
  }

  /** Comma-separated texts without empty ones. */
  texts(variable: string, fallback: string): readonly string[] {
    return this.text(variable, fallback)
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== '');
  }

  /** One of a few words. */
  oneOf<T extends string>(variable: string, words: readonly T[], fallback: T): T {
    const value = this.text(variable, fallback);
    const word = words.find(candidate => candidate === value);
    if (word === undefined) this.reject(variable, `must be one of ${words.join(', ')}`);
    return word ?? fallback;
  }
}

/** The variables of this process; nothing outside config/ looks at them. */
export function processVariables(): Variables {
  return process.env;
}
