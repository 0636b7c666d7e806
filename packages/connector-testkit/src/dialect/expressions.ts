import {
  type Column,
  type DataType,
  type Expr,
  type Rel,
  type RemoteTableSchema,
  type Scan,
  literal,
  outputOf,
  plain,
  simpleType,
  typeOf,
} from '@tributary/connector-sdk';

/** Small ways to write the relations that a source is asked for. */

export function lit(type: Parameters<typeof simpleType>[0], value: string | null): Expr {
  return literal(simpleType(type), value);
}

export function call(fn: string, args: readonly Expr[], type: DataType): Expr {
  return { kind: 'call', fn, args, type };
}

export function cast(arg: Expr, type: DataType, tryCast = false): Expr {
  return { kind: 'cast', arg, type, try: tryCast };
}

/** A relation's column by its name. */
export function ref(rel: Rel, name: string): Expr {
  const column = outputOf(rel).find((each) => each.name === name);
  if (column === undefined) throw new RangeError(`no column ${name}`);
  return { kind: 'column', id: column.id, type: column.type };
}

let nextId = 1;

/** All of a table, as its source described it. */
export function scanOf(schema: RemoteTableSchema, source: string): Scan {
  const { schema: parent, name } = schema.table;
  return {
    kind: 'scan',
    source,
    table: parent === undefined ? [name] : [parent, name],
    columns: schema.columns.map((column) => ({ id: (nextId += 1), ...column })),
  };
}

/** The first column of a relation, and what is computed from its rows. */
export function withColumns(
  input: Rel,
  added: readonly { readonly name: string; readonly expr: Expr }[],
): Rel {
  const kept: readonly Column[] = outputOf(input);
  const highest = Math.max(0, ...kept.map(({ id }) => id));
  return {
    kind: 'project',
    input,
    columns: [
      ...kept.slice(0, 1).map((column) => ({ ...plain(column), expr: ref(input, column.name) })),
      ...added.map(({ name, expr }, i) => ({ id: highest + 1 + i, name, expr, type: typeOf(expr) })),
    ],
  };
}

/** The pairs whose number lies in [from, to); of a value's pairs only the one with NULL, where the other value is of no matter. */
export function rowsBetween(input: Scan, from: number, to: number, isOfBoth: boolean): Rel {
  const bound = (op: '>=' | '<', value: number): Expr => ({
    kind: 'compare',
    op,
    left: ref(input, 'id'),
    right: lit('bigint', String(value)),
  });
  const only: readonly Expr[] = isOfBoth ? [] : [{ kind: 'is-null', arg: ref(input, 'b'), negated: false }];
  return { kind: 'filter', input, predicates: [bound('>=', from), bound('<', to), ...only] };
}
