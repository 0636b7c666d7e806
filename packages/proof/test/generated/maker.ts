import { type DataType, type ParameterValue, decimalType, simpleType } from '@tributary/contract';
import { Choices } from './choices.js';
import {
  type ColumnName,
  type HostileTable,
  duckdbConstant,
  hostileColumn,
  hostileTables,
} from './hostile-columns.js';

/**
 * What may be done with a value without an error that depends on the order of evaluation: `wide` numbers overflow where `integer`
 * ones do not, `double` ones do not even add up the same in another order, and so on.
 */
export type Kind =
  | 'integer'
  | 'wide'
  | 'decimal'
  | 'wide-decimal'
  | 'mild-double'
  | 'double'
  | 'text'
  | 'day'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'time'
  | 'boolean'
  | 'uuid'
  | 'blob'
  | 'interval';

export const columnKinds: Readonly<Record<ColumnName, Kind>> = {
  id: 'wide',
  k: 'integer',
  n: 'integer',
  i: 'wide',
  b: 'wide',
  s: 'wide',
  d: 'decimal',
  big: 'wide-decimal',
  f: 'double',
  m: 'mild-double',
  r: 'double',
  t: 'text',
  g: 'text',
  day: 'day',
  dt: 'date',
  ts: 'timestamp',
  tz: 'timestamptz',
  tm: 'time',
  bo: 'boolean',
  u: 'uuid',
  by: 'blob',
  iv: 'interval',
};

export const allColumnNames = Object.keys(columnKinds).filter(
  (name): name is ColumnName => name in columnKinds,
);

const parameterTypes: Readonly<Record<string, DataType>> = {
  INTEGER: simpleType('integer'),
  BIGINT: simpleType('bigint'),
  SMALLINT: simpleType('smallint'),
  'DECIMAL(12,2)': decimalType(12, 2),
  'DECIMAL(38,10)': decimalType(38, 10),
  DOUBLE: simpleType('double'),
  FLOAT: simpleType('float'),
  VARCHAR: simpleType('varchar'),
  DATE: simpleType('date'),
  TIMESTAMP: simpleType('timestamp'),
  'TIMESTAMP WITH TIME ZONE': simpleType('timestamptz'),
  TIME: simpleType('time'),
  BOOLEAN: simpleType('boolean'),
  UUID: simpleType('uuid'),
};

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
  readonly #parameters: { readonly value: ParameterValue; readonly text: string }[] = [];
  /** The tables that it reads: of both sources, or of PostgreSQL alone, so that all of it may run there. */
  readonly tables: readonly HostileTable[];
  #aliases = 0;

  constructor(numbers: readonly number[]) {
    this.choices = new Choices(numbers);
    this.tables = this.choices.oneIn(2)
      ? hostileTables.filter((table) => table.startsWith('p'))
      : hostileTables;
  }

  alias(): string {
    this.#aliases += 1;
    return `a${this.#aliases}`;
  }

  /** A constant from the pool of a column: as a literal, or now and then as a parameter. */
  constant(column: ColumnName): string {
    const { choices } = this;
    const of = hostileColumn(column);
    const value = choices.oneIn(12) ? null : choices.pickFrom(of.values);
    const text = duckdbConstant(of, value);
    const type = parameterTypes[of.duckdbType];
    if (type === undefined || !choices.oneIn(5)) return text;
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
