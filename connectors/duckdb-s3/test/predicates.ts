import * as fc from 'fast-check';
import {
  type ComparisonOp,
  type Expr,
  type ScanColumn,
  columnRef,
  compare,
  literal,
  simpleType,
} from '@tributary/connector-sdk';

const operators: readonly ComparisonOp[] = [
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'is-distinct',
  'is-not-distinct',
];

/** Predicates over the columns, with constants from `values` (literal text by column name; null for NULL). */
export function predicates(
  columns: readonly ScanColumn[],
  values: Readonly<Record<string, readonly (string | null)[]>>,
): fc.Arbitrary<Expr> {
  const leaves = columns.flatMap((column): fc.Arbitrary<Expr>[] => {
    const pool = values[column.name];
    if (pool === undefined) return [];
    const constant = fc.constantFrom(...pool).map((value) => literal(column.type, value));
    const ref = columnRef(column);
    const negated = fc.boolean();
    return [
      fc.tuple(fc.constantFrom(...operators), constant).map(([op, value]) => compare(op, ref, value)),
      fc.tuple(fc.constantFrom(...operators), constant).map(([op, value]) => compare(op, value, ref)),
      fc
        .record({ list: fc.array(constant, { minLength: 1, maxLength: 4 }), negated })
        .map(({ list, negated: not }): Expr => ({ kind: 'in', arg: ref, list, negated: not })),
      negated.map((not): Expr => ({ kind: 'is-null', arg: ref, negated: not })),
      ...(column.type.id === 'boolean' ? [fc.constant<Expr>(ref)] : []),
      ...(column.type.id === 'integer' ? [widened(column, pool)] : []),
    ];
  });
  const { node } = fc.letrec<{ node: Expr }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'predicate' },
      { arbitrary: fc.oneof(...leaves), weight: 4 },
      { arbitrary: tie('node').map((arg): Expr => ({ kind: 'not', arg })), weight: 1 },
      {
        arbitrary: fc
          .tuple(fc.constantFrom('and', 'or'), fc.array(tie('node'), { minLength: 2, maxLength: 3 }))
          .map(([kind, args]): Expr => ({ kind: kind === 'and' ? 'and' : 'or', args })),
        weight: 2,
      },
    ),
  }));
  return node;
}

/** A comparison of the column as BIGINT, as the binder writes it when the constant is one. */
function widened(column: ScanColumn, pool: readonly (string | null)[]): fc.Arbitrary<Expr> {
  const bigint = simpleType('bigint');
  const cast: Expr = { kind: 'cast', arg: columnRef(column), type: bigint, try: false };
  return fc
    .tuple(fc.constantFrom(...operators), fc.constantFrom(...pool))
    .map(([op, value]) => compare(op, cast, literal(bigint, value)));
}
