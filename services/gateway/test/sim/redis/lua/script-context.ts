import type { Node } from 'luaparse';

/** What an expression is known to be when the script is compiled. */
export type LuaType = 'number' | 'string' | 'boolean' | 'table' | 'nil' | 'unknown';

/** JavaScript that gives a value, and what is known of that. */
export type Code = { readonly js: string; readonly type: LuaType };

/** A local of the script under the name that it has in JavaScript. */
export type Local = Code & {
  /** `keys` and `arguments` are what Redis passes; `own` tables were made by the script and may be written to. */
  readonly role: 'value' | 'own' | 'function' | 'keys';
};

/** A construct that is not modelled; it names the line. */
export class LuaCompileError extends Error {
  override readonly name = 'LuaCompileError';
}

/** Finds a command by its name in capitals; `undefined` where it is not modelled. */
export type FindCommand = (name: string) => object | undefined;

/** What a context is made of. */
export type ScriptContextParts = {
  readonly script: string;
  readonly source: string;
  /** How many of the arguments are keys. */
  readonly numberOfKeys: number;
  readonly find: FindCommand;
  readonly assigned: ReadonlySet<string>;
};

/** What the compiler knows while it walks through one script. */
export class ScriptContext {
  readonly script: string;
  readonly numberOfKeys: number;
  /** Commands that the script names, in the order of their hoisted constants. */
  readonly commands: object[] = [];
  /** Names that are assigned to somewhere: nothing is known of their type. */
  readonly assigned: ReadonlySet<string>;
  readonly #source: string;
  readonly #find: FindCommand;
  readonly #scopes: Map<string, Local>[] = [new Map()];
  readonly #temporaries: string[][] = [[]];
  #names = 0;

  constructor({ script, source, numberOfKeys, find, assigned }: ScriptContextParts) {
    this.script = script;
    this.numberOfKeys = numberOfKeys;
    this.assigned = assigned;
    this.#source = source;
    this.#find = find;
    // Both are views of one array: nothing is copied for a call.
    this.#scopes[0]?.set('KEYS', { js: `A.slice(0, ${numberOfKeys})`, type: 'table', role: 'keys' });
    this.#scopes[0]?.set('ARGV', { js: `A.slice(${numberOfKeys})`, type: 'table', role: 'keys' });
  }

  fail(node: Node, what: string): never {
    throw new LuaCompileError(`${this.script}:${node.loc?.start.line ?? '?'}: ${what} is not modelled`);
  }

  /** The expression as it was written. */
  textOf(node: Node): string {
    return this.#source.slice(...rangeOf(node));
  }

  /** Whether the expression stands in parentheses besides those of `call`: the parser does not tell. */
  isParenthesized(node: Node, call?: Node): boolean {
    const [start, end] = rangeOf(node);
    if (call !== undefined) return /^\s*\)\s*\)/.test(this.#source.slice(end, rangeOf(call)[1]));
    return /\(\s*$/.test(this.#source.slice(0, start)) && /^\s*\)/.test(this.#source.slice(end));
  }

  /** Runs `body` in a block of its own. */
  block<T>(body: () => T): T {
    this.#scopes.push(new Map());
    const made = body();
    this.#scopes.pop();
    return made;
  }

  /** Runs `body` in a function of its own; what it needs of temporaries stands before what it gives. */
  functionBody(body: () => string): string {
    this.#temporaries.push([]);
    const made = this.block(body);
    const temporaries = this.#temporaries.pop() ?? [];
    return temporaries.length === 0 ? made : `let ${temporaries.join(', ')};\n${made}`;
  }

  temporary(): string {
    const name = this.#fresh('t');
    this.#temporaries.at(-1)?.push(name);
    return name;
  }

  /** A name of JavaScript for `name` from here on; Lua may declare one twice in a block. */
  declare(name: string, local: Omit<Local, 'js'>): string {
    const js = this.#fresh(name);
    const known = this.assigned.has(name) && local.role !== 'function' ? UNKNOWN : local;
    this.#scopes.at(-1)?.set(name, { ...known, js });
    return js;
  }

  lookup(name: string): Local | undefined {
    for (let depth = this.#scopes.length - 1; depth >= 0; depth -= 1) {
      const local = this.#scopes[depth]?.get(name);
      if (local !== undefined) return local;
    }
    return undefined;
  }

  /** The constant of a command; `undefined` where it is not modelled. */
  command(name: string): string | undefined {
    const command = this.#find(name);
    if (command === undefined) return undefined;
    const known = this.commands.indexOf(command);
    return `C[${known >= 0 ? known : this.commands.push(command) - 1}]`;
  }

  #fresh(name: string): string {
    this.#names += 1;
    return `${name}_${this.#names}`;
  }
}

const UNKNOWN = { type: 'unknown', role: 'value' } as const;

function rangeOf(node: Node): readonly [number, number] {
  return 'range' in node ? (node.range as [number, number]) : [0, 0];
}
