import {
  type AggregateColumn,
  type Column,
  type ColumnId,
  type DataType,
  type Expr,
  type Join,
  type Rel,
  type Scan,
  type ScanColumn,
  literal,
  outputOf,
  simpleType,
} from '../../src/plan/index.js';

export const integer = simpleType('integer');
export const bigint = simpleType('bigint');
export const varchar = simpleType('varchar');
export const boolean = simpleType('boolean');

/** The tables of the goldens: `t(id, name, n)` with ids from `base` on, `u(id, t_id, v)` likewise. */
export function t(base = 1): Scan {
  return scan('t', base, [
    ['id', integer],
    ['name', varchar],
    ['n', integer],
  ]);
}

export function u(base = 11): Scan {
  return scan('u', base, [
    ['id', integer],
    ['t_id', integer],
    ['v', integer],
  ]);
}

export const setup: readonly string[] = [
  'CREATE TABLE t (id INTEGER, name VARCHAR, n INTEGER)',
  "INSERT INTO t VALUES (1, 'a', 10), (2, 'b', NULL), (3, NULL, 30), (4, 'a', 10)",
  'CREATE TABLE u (id INTEGER, t_id INTEGER, v INTEGER)',
  'INSERT INTO u VALUES (1, 1, 5), (2, 1, 7), (3, 2, NULL), (4, NULL, 9), (5, 9, 1)',
];

export function scan(
  table: string,
  base: number,
  columns: readonly (readonly [string, DataType])[],
  comparison: ScanColumn['comparison'] = 'ordered',
): Scan {
  return {
    kind: 'scan',
    source: 'db',
    table: [table],
    columns: columns.map(([name, type], i) => ({ id: base + i, name, type, nullable: true, comparison })),
  };
}

/** The column of a relation by its name, or by its place where names repeat. */
export function col(rel: Rel, name: string): Expr {
  const column = outputOf(rel).find((c) => c.name === name);
  if (column === undefined) throw new RangeError(`no column ${name}`);
  return ref(column.id, column.type);
}

export function ref(id: ColumnId, type: DataType = integer): Expr {
  return { kind: 'column', id, type };
}

export function int(value: number): Expr {
  return literal(integer, String(value));
}

export function text(value: string): Expr {
  return literal(varchar, value);
}

export function call(fn: string, args: readonly Expr[], type: DataType = integer): Expr {
  return { kind: 'call', fn, args, type };
}

export function filter(input: Rel, ...predicates: readonly Expr[]): Rel {
  return { kind: 'filter', input, predicates };
}

export function project(
  input: Rel,
  ...columns: readonly (readonly [ColumnId, string, Expr, DataType?])[]
): Rel {
  return {
    kind: 'project',
    input,
    columns: columns.map(([id, name, expr, type]) => ({ id, name, expr, type: type ?? integer })),
  };
}

export function aggregate(
  input: Rel,
  groups: readonly (readonly [ColumnId, string, Expr])[],
  ...aggregates: readonly AggregateColumn[]
): Rel & { kind: 'aggregate' } {
  return {
    kind: 'aggregate',
    input,
    groups: groups.map(([id, name, expr]) => ({ id, name, expr, type: integer })),
    aggregates,
  };
}

export function agg(
  id: ColumnId,
  fn: string,
  args: readonly Expr[] = [],
  type: DataType = bigint,
): AggregateColumn {
  return { id, name: fn, type, call: { fn, args, distinct: false, type } };
}

export function join(type: Join['type'], left: Rel, right: Rel, ...on: readonly Expr[]): Rel {
  const mark: Column = { id: 99, name: 'mark', type: boolean };
  return { kind: 'join', type, left, right, on, ...(type === 'mark' && { mark }) };
}

export function sort(input: Rel, ...exprs: readonly Expr[]): Rel {
  return { kind: 'sort', input, keys: exprs.map((expr) => ({ expr, descending: false, nullsFirst: false })) };
}
