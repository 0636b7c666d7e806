import {
  type Column,
  type ColumnId,
  type Expr,
  type Join,
  type Rel,
  columnRef,
  compare,
  literal,
  outputOf,
  plain,
  sameType,
  typeOf,
} from '@tributary/contract/plan';
import { isLosslessCast } from '../optimize/index.js';

/** A key, and the consumer's column that it is compared with: of the same type, so that equal means the same in both. */
export type KeyPair = readonly [key: Column, matched: Column];

/** A join seen as one side whose keys may cut the other. */
export interface KeyedSides {
  /** The side with the keys. */
  readonly side: Rel;
  /** The same, with the keys computed on top of it where they are not columns of the consumer's type. */
  readonly producer: Rel;
  readonly consumer: Rel;
  readonly pairs: readonly KeyPair[];
}

/** The join's equalities as keys of one side for the columns of the other; undefined where there are none. */
export function keyedSides(
  join: Join,
  producing: 'left' | 'right',
  newId: () => ColumnId,
): KeyedSides | undefined {
  const side = join[producing];
  const consumer = producing === 'left' ? join.right : join.left;
  const columns = columnsById(side);
  const matchable = columnsById(consumer);
  const added: { readonly column: Column; readonly expr: Expr }[] = [];
  const pairs = join.on.flatMap((on): KeyPair[] => {
    if (on.kind !== 'compare' || on.op !== '=' || !sameType(typeOf(on.left), typeOf(on.right))) return [];
    const matched = columnBelow(on.left, matchable) ?? columnBelow(on.right, matchable);
    const from = columnBelow(on.right, columns) ?? columnBelow(on.left, columns);
    if (matched === undefined || from === undefined) return [];
    const key = keyOf(from, matched.column.type);
    if (key.kind === 'column') return [[plain(from.column), plain(matched.column)]];
    const { name } = from.column;
    const column = { id: newId(), name, type: matched.column.type, nullable: true };
    added.push({ column, expr: key });
    return [[column, plain(matched.column)]];
  });
  if (pairs.length === 0) return undefined;
  return { side, producer: added.length === 0 ? side : extended(side, added), consumer, pairs };
}

/** A side of an equality: a column, or one cast to the type that both sides are compared in. */
interface Compared {
  readonly column: Column;
  readonly expr: Expr;
}

function columnBelow(expr: Expr, columns: ReadonlyMap<ColumnId, Column>): Compared | undefined {
  const below = expr.kind === 'cast' && isLosslessCast(typeOf(expr.arg), expr.type) ? expr.arg : expr;
  const column = below.kind === 'column' ? columns.get(below.id) : undefined;
  return column && { column, expr };
}

/** The value that a column of the type must have to equal the side; NULL, which is no key, where no value of the type does. */
function keyOf({ column, expr }: Compared, type: Column['type']): Expr {
  if (sameType(column.type, type)) return columnRef(column);
  if (sameType(typeOf(expr), type)) return expr;
  const value: Expr = { kind: 'cast', arg: expr, type, try: true };
  const back: Expr = { kind: 'cast', arg: value, type: typeOf(expr), try: false };
  const branches = [{ when: compare('=', back, expr), then: value }];
  return { kind: 'case', branches, otherwise: literal(type, null), type };
}

function extended(input: Rel, added: readonly { readonly column: Column; readonly expr: Expr }[]): Rel {
  const own = outputOf(input).map((column) => ({ ...plain(column), expr: columnRef(column) }));
  return {
    kind: 'project',
    input,
    columns: [...own, ...added.map(({ column, expr }) => ({ ...column, expr }))],
  };
}

function columnsById(rel: Rel): ReadonlyMap<ColumnId, Column> {
  return new Map(outputOf(rel).map((column) => [column.id, column]));
}
