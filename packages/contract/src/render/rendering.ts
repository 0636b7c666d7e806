import {
  type Column,
  type ColumnId,
  type Expr,
  type InKeySet,
  type KeySetId,
  type Parameter,
  type Scan,
  typeName,
  typeOf,
} from '../plan/index.js';
import { type Block, type BoundColumn, emptyBlock, simpleColumn, unknownColumn } from './block.js';
import type { Binding, SqlDialect } from './dialect.js';
import type { ExprScope } from './expression.js';
import type { Fidelities } from './fidelity.js';
import { fromItem } from './from-clause.js';
import { Layout } from './layout.js';
import { AliasAllocator, uniqueNames } from './names.js';
import { refuse } from './refusal.js';
import type { RequiredColumns } from './required-columns.js';

export interface RenderOptions {
  readonly dialect: SqlDialect;
  /** The relation that a scan reads, as it stands in FROM. Default: the table's quoted path. */
  readonly tableName?: (scan: Scan) => string;
  /** The relation that holds a fragment's result. Its columns are taken by position, whatever their names. */
  readonly remoteTable?: (fragment: string) => string;
  /**
   * The relation that holds a key set's values, one column per key, taken by position. Absent: key sets become bindings in the
   * dialect's own form.
   */
  readonly keySetRelation?: (keySet: KeySetId) => string;
  /** `own`: the relation's column names, which need not be unique. `positional`: `c0`, `c1`, … Default: `own`. */
  readonly outputNames?: 'own' | 'positional';
}

/** The state of one rendering: what texts of all blocks share. */
export class Rendering {
  readonly layout = new Layout();
  readonly aliases: AliasAllocator;
  readonly ctes: { readonly name: string; readonly sql: string }[] = [];
  readonly options: RenderOptions;
  readonly required: RequiredColumns;
  readonly fidelities: Fidelities;
  readonly #bindings: Binding[] = [];

  constructor(
    options: RenderOptions,
    required: RequiredColumns,
    fidelities: Fidelities,
    columnNames: ReadonlySet<string> = new Set(),
  ) {
    this.aliases = new AliasAllocator(columnNames);
    this.options = options;
    this.required = required;
    this.fidelities = fidelities;
  }

  get dialect(): SqlDialect {
    return this.options.dialect;
  }

  quote(name: string): string {
    return this.dialect.quoteIdentifier(name);
  }

  /** A scope in which a block's columns stand for the plan's. */
  scope(columns: ReadonlyMap<ColumnId, BoundColumn>): ExprScope {
    return {
      dialect: this.dialect,
      column: (id) => columns.get(id) ?? unknownColumn(id),
      fidelity: (id) => this.fidelities.get(id) ?? 'ordered',
      parameter: (parameter) => this.#parameter(parameter),
      keySet: (predicate, args) => this.#keySet(predicate, args),
    };
  }

  /** A relation in FROM, its columns renamed by position. */
  aliased(relation: string, alias: string, columns: readonly Column[]): Block {
    const names = uniqueNames(columns.map((column) => column.name));
    const list = names.length === 0 ? '' : `(${names.map((name) => this.quote(name)).join(', ')})`;
    return this.named(`${relation} AS ${alias}${list}`, alias, columns, names);
  }

  /** A relation that stands in FROM already as `from`, with its columns' names. */
  named(from: string, alias: string, columns: readonly Column[], names: readonly string[]): Block {
    return {
      ...emptyBlock,
      from: [fromItem(from, alias)],
      columns: new Map(
        columns.map((column, i) => [
          column.id,
          simpleColumn(`${alias}.${this.quote(names[i] ?? column.name)}`, column.name),
        ]),
      ),
    };
  }

  /** The finished text, with placeholders numbered in the order of their first use. */
  finish(sql: string): { readonly sql: string; readonly bindings: readonly Binding[] } {
    const used: Binding[] = [];
    const positions = new Map<number, number>();
    // Where a placeholder does not carry its number (`?`), every use is a binding of its own.
    const text = this.layout.finish(sql, (index) => {
      const binding = this.#bindings[index];
      if (binding === undefined) throw new RangeError(`no binding ${index}`);
      const known = positions.get(index);
      if (known !== undefined && this.#placeholder(binding, 1) !== this.#placeholder(binding, 2)) {
        return this.#placeholder(binding, known);
      }
      used.push(binding);
      positions.set(index, used.length);
      return this.#placeholder(binding, used.length);
    });
    return { sql: text, bindings: used };
  }

  #parameter(parameter: Parameter): string {
    return this.#bind({ kind: 'parameter', name: parameter.name, type: parameter.type });
  }

  #bind(binding: Binding): string {
    this.#placeholder(binding, 1);
    const same = this.#bindings.findIndex((known) => sameBinding(known, binding));
    if (same >= 0) return this.layout.placeholder(same);
    return this.layout.placeholder(this.#bindings.push(binding) - 1);
  }

  #placeholder(binding: Binding, position: number): string {
    const { dialect } = this;
    if (binding.kind === 'parameter') {
      return (
        dialect.placeholder(position, binding.type) ??
        refuse('PARAMETER_NOT_IN_DIALECT', `no parameter of ${typeName(binding.type)}`)
      );
    }
    return (
      dialect.keySetPlaceholder?.(position, binding.type) ??
      refuse('KEY_SET_NOT_IN_DIALECT', `no key set of ${typeName(binding.type)}`)
    );
  }

  #keySet(predicate: InKeySet, args: readonly string[]): string {
    const types = predicate.args.map((arg: Expr) => typeOf(arg));
    const relation = this.options.keySetRelation?.(predicate.keySet);
    if (relation !== undefined) return this.#semiJoin(relation, args);
    if (this.dialect.keySet === undefined) return refuse('KEY_SET_NOT_IN_DIALECT');
    const placeholders = types.map((type, column) =>
      this.#bind({ kind: 'key-set', keySet: predicate.keySet, column, type }),
    );
    return this.dialect.keySet(args, placeholders, types, predicate.keySet);
  }

  #semiJoin(relation: string, args: readonly string[]): string {
    const alias = this.aliases.unique('k');
    const names = args.map((_, i) => this.quote(`k${i}`));
    const from = `FROM ${relation} AS ${alias}(${names.join(', ')})`;
    const [only] = args;
    if (args.length === 1 && only !== undefined)
      return `(${only} IN (SELECT ${alias}.${names[0] ?? ''} ${from}))`;
    const equalities = args.map((arg, i) => `${alias}.${names[i] ?? ''} = ${arg}`);
    return `EXISTS (SELECT 1 ${from} WHERE ${equalities.join(' AND ')})`;
  }
}

function sameBinding(a: Binding, b: Binding): boolean {
  if (typeName(a.type) !== typeName(b.type)) return false;
  return a.kind === 'parameter'
    ? b.kind === 'parameter' && a.name === b.name
    : b.kind === 'key-set' && a.keySet === b.keySet && a.column === b.column;
}
