import {
  type AggregateCall,
  type DataType,
  type Expr,
  type Rel,
  type Scan,
  compare,
  decimalType,
  isInteger,
  typeOf,
} from '@tributary/connector-sdk';
import { lit, ref } from '../expressions.js';

export interface AggregateCase {
  readonly fn: string;
  readonly result: DataType;
  /** Only over values whose sums stay in the range of doubles: beyond it some databases fail where DuckDB says Infinity. */
  readonly isOfSmall?: boolean;
}

/** DuckDB's aggregates over values of the type. */
export function aggregateCases(type: DataType): readonly AggregateCase[] {
  return [
    { fn: 'count', result: { id: 'bigint' } },
    ...['min', 'max'].map((fn) => ({ fn, result: type })),
    ...ofType(type),
  ];
}

function ofType(type: DataType): readonly AggregateCase[] {
  const double: DataType = { id: 'double' };
  if (isInteger(type)) {
    return [
      { fn: 'sum', result: { id: 'hugeint' } },
      { fn: 'avg', result: double },
      ...['bit_and', 'bit_or', 'bit_xor'].map((fn) => ({ fn, result: type })),
    ];
  }
  switch (type.id) {
    case 'decimal':
      return [
        { fn: 'sum', result: decimalType(38, type.scale) },
        { fn: 'avg', result: double },
      ];
    case 'double':
      return ['sum', 'avg'].map((fn) => ({ fn, result: double, isOfSmall: true }));
    case 'boolean':
      return [
        ...['bool_and', 'bool_or'].map((fn) => ({ fn, result: type })),
        { fn: 'count_if', result: { id: 'hugeint' } },
      ];
    default:
      return [];
  }
}

/** By groups, DISTINCT, with a filter, over no rows at all, over nothing but NULLs, and as a window. */
export function aggregateRelations(
  scan: Scan,
  { fn, result, isOfSmall = false }: AggregateCase,
  isGroupable: boolean,
): readonly Rel[] {
  const a = ref(scan, 'a');
  const rows: Rel = isOfSmall ? { kind: 'filter', input: scan, predicates: [isSmall(a)] } : scan;
  const group = isGroupable ? ref(scan, 'b') : compare('>', ref(scan, 'id'), lit('bigint', '50'));
  const plain: AggregateCall = { fn, args: [a], distinct: false, type: result };
  const filter = compare('>', ref(scan, 'id'), lit('bigint', '20'));
  const grouped = (call: AggregateCall): Rel => aggregate(rows, [group], call);
  const of = (predicate: Expr): Rel =>
    aggregate({ kind: 'filter', input: rows, predicates: [predicate] }, [], plain);
  return [
    grouped(plain),
    grouped({ ...plain, filter }),
    ...(isGroupable ? [grouped({ ...plain, distinct: true })] : []),
    of(compare('<', ref(scan, 'id'), lit('bigint', '0'))),
    of({ kind: 'is-null', arg: a, negated: false }),
    runningAggregate(rows, plain, group),
  ];
}

function aggregate(input: Rel, groups: readonly Expr[], call: AggregateCall): Rel {
  return {
    kind: 'aggregate',
    input,
    groups: groups.map((expr) => ({ id: 90_001, name: 'g', type: typeOf(expr), expr })),
    aggregates: [{ id: 90_002, name: 'x', type: call.type, call }],
  };
}

function runningAggregate(input: Rel, { fn, args, type }: AggregateCall, group: Expr): Rel {
  return {
    kind: 'window',
    input,
    functions: [
      {
        id: 90_003,
        name: 'w',
        type,
        call: {
          fn,
          args,
          distinct: false,
          ignoreNulls: false,
          partitionBy: [group],
          orderBy: [{ expr: ref(input, 'id'), descending: false, nullsFirst: false }],
          frame: {
            unit: 'rows',
            start: { kind: 'unbounded-preceding' },
            end: { kind: 'current-row' },
            exclude: 'no-others',
          },
          type,
        },
      },
    ],
  };
}

/** Between -1e16 and 1e16, infinite, or NaN. */
function isSmall(a: Expr): Expr {
  return {
    kind: 'or',
    args: [
      compare('>', a, lit('double', 'inf')),
      {
        kind: 'and',
        args: [compare('<', a, lit('double', '1e16')), compare('>', a, lit('double', '-1e16'))],
      },
      compare('=', a, lit('double', '-inf')),
    ],
  };
}
