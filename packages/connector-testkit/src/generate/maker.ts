import type { ParameterValue } from '@tributary/connector-sdk';
import { Choices } from './choices.js';
import { type ColumnName, duckdbConstant, hostileColumn } from './hostile-columns.js';
import type { Kind } from './kind.js';

/** What generated statements may read. */
export interface GeneratorWorld {
  /** Sets of tables (as SQL names them) of which a statement uses one: the simplest first. All have the same columns. */
  readonly tableSets: readonly (readonly string[])[];
  /** `id`, `k`, `g` and `t` must be among them. */
  readonly columns: readonly ColumnName[];
}

export interface ScopeColumn {
  readonly sql: string;
  readonly kind: Kind;
  /** Of which table column it is, where it is one: says which constants are near its values. */
  readonly column?: ColumnName;
}

/** The columns that an expression may read. */
export type Scope = readonly ScopeColumn[];

/** A statement in the making: its choices, and the constants that it takes as parameters. */
export class Maker {
  readonly choices: Choices;
  readonly columns: readonly ColumnName[];
  /** The tables that it reads: of one source, so that all of it may run there, or of several. */
  readonly tables: readonly string[];
  readonly #parameters: { readonly value: ParameterValue; readonly text: string }[] = [];
  #aliases = 0;

  constructor(numbers: readonly number[], world: GeneratorWorld) {
    this.choices = new Choices(numbers);
    this.columns = world.columns;
    this.tables = this.choices.pickFrom(world.tableSets);
  }

  alias(): string {
    this.#aliases += 1;
    return `a${this.#aliases}`;
  }

  /** A constant from the pool of a column: as a literal, or now and then as a parameter. */
  constant(column: ColumnName): string {
    const { choices } = this;
    const { type, values } = hostileColumn(column);
    const value = choices.oneIn(12) ? null : choices.pickFrom(values);
    const text = duckdbConstant(type, value);
    if (type.id === 'blob' || type.id === 'interval' || !choices.oneIn(5)) return text;
    this.#parameters.push({ value: { type, value }, text });
    return `⟦${this.#parameters.length}⟧`;
  }

  /** The statement for the engine, its parameters, and the same statement with their values written out. */
  finish(sql: string): {
    readonly sql: string;
    readonly parameters: readonly ParameterValue[];
    readonly plainSql: string;
  } {
    const used: ParameterValue[] = [];
    const plainSql = replaceMarks(sql, (index) => this.#parameters[index - 1]?.text ?? 'NULL');
    // An expression may have been thrown away with its parameters: number only what is left.
    const positions = new Map<number, number>();
    const text = replaceMarks(sql, (index) => {
      const parameter = this.#parameters[index - 1];
      if (parameter !== undefined && !positions.has(index)) positions.set(index, used.push(parameter.value));
      return `$${positions.get(index) ?? 0}`;
    });
    return { sql: text, parameters: used, plainSql };
  }
}

function replaceMarks(sql: string, by: (index: number) => string): string {
  return sql.replaceAll(/⟦(\d+)⟧/g, (_, index) => by(Number(index)));
}
