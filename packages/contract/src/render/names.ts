import { type Rel, inputsOf, outputOf } from '../plan/index.js';

/** Short words that some database reserves; an alias with a number after it is never one. */
const reserved: ReadonlySet<string> = new Set(
  'all and any are as asc at by cas cte do end eq for if in int is it key lag ln log map max min mod ne no not of off on one or out pi row set sql sum to top use xor'.split(
    ' ',
  ),
);

/**
 * Hands out aliases that are unique in one statement, so that a correlated reference never meets another table; nor a column: where an
 * inner table has a column `f`, DuckDB takes an outer table's `f."x"` for a field of it.
 */
export class AliasAllocator {
  readonly #taken: Set<string>;
  /** The last number tried for a name, or a plan of many tables would try them all anew. */
  readonly #numbers = new Map<string, number>();

  constructor(columnNames: Iterable<string> = []) {
    this.#taken = new Set(columnNames);
  }

  /** The initials of a table's name (`order_items` → `oi`), with a number where they are taken. */
  forTable(name: string): string {
    const words = name.toLowerCase().match(/[a-z]+/g) ?? [];
    return this.unique(
      words
        .map((word) => word.slice(0, 1))
        .join('')
        .slice(0, 3) || 't',
    );
  }

  unique(wanted: string): string {
    let alias = wanted;
    let number = this.#numbers.get(wanted) ?? 1;
    while (reserved.has(alias) || this.#taken.has(alias)) alias = `${wanted}${++number}`;
    this.#numbers.set(wanted, number);
    this.#taken.add(alias);
    return alias;
  }
}

/** The names of all columns in a plan, in lower case. */
export function columnNamesOf(root: Rel): ReadonlySet<string> {
  const names = new Set<string>();
  const stack = [root];
  for (let rel = stack.pop(); rel !== undefined; rel = stack.pop()) {
    const inputs = inputsOf(rel);
    if (inputs.length !== 1 || rel.kind === 'project' || rel.kind === 'aggregate' || rel.kind === 'window') {
      for (const column of outputOf(rel)) names.add(column.name.toLowerCase());
    }
    stack.push(...inputs);
  }
  return names;
}

/** Databases cut longer identifiers off (PostgreSQL at 63 bytes), which could make two of them one. */
const longestName = 40;

/** Unique column names for a sub-select, near to the columns' own. */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name, i) => {
    const usable = name !== '' && name.length <= longestName && /^[\w $.()*-]+$/.test(name) ? name : `c${i}`;
    let unique = usable;
    for (let n = 1; taken.has(unique.toLowerCase()); n++) unique = `${usable}_${n}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
