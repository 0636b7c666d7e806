import {
  type ComputedColumn,
  type DataType,
  type Expr,
  type Rel,
  type Scan,
  decimalType,
  literal,
  outputOf,
  plain,
  simpleType,
} from '@tributary/contract/plan';

export type TypeText = Parameters<typeof simpleType>[0] | `decimal(${number},${number})`;

function dataType(text: TypeText): DataType {
  const match = /^decimal\((\d+),(\d+)\)$/.exec(text);
  if (match !== null) return decimalType(Number(match[1]), Number(match[2]));
  return simpleType(text as Parameters<typeof simpleType>[0]);
}

export function lit(type: TypeText, value: string | null): Expr {
  return literal(dataType(type), value);
}

export function call(fn: string, args: readonly Expr[], type: TypeText): Expr {
  return { kind: 'call', fn, args, type: dataType(type) };
}

export function cast(arg: Expr, type: DataType, tryCast = false): Expr {
  return { kind: 'cast', arg, type, try: tryCast };
}

/** Columns beside the ones a relation has, under fresh ids. */
export function withColumns(
  input: Rel,
  added: readonly { readonly name: string; readonly expr: Expr; readonly type: DataType }[],
): Rel {
  const kept = outputOf(input);
  const highest = Math.max(0, ...kept.map(({ id }) => id));
  const columns: ComputedColumn[] = [
    ...kept.slice(0, 1).map((column) => ({ ...plain(column), expr: ref(input, column.name) })),
    ...added.map((column, i) => ({ ...column, id: highest + 1 + i })),
  ];
  return { kind: 'project', input, columns };
}

export function ref(rel: Rel, name: string): Expr {
  const column = outputOf(rel).find((each) => each.name === name);
  if (column === undefined) throw new RangeError(`no column ${name}`);
  return { kind: 'column', id: column.id, type: column.type };
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
