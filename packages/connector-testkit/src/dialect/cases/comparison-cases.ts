import { type ComparisonOp, type Expr, type Scan, compare } from '@tributary/connector-sdk';
import { ref } from '../expressions.js';
import type { Named } from '../named-expr.js';

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

/** Every comparison of the two values of a pair. */
export function comparisonCases(scan: Scan): readonly Named[] {
  const [a, b] = [ref(scan, 'a'), ref(scan, 'b')];
  const isIn = (negated: boolean): Expr => ({ kind: 'in', arg: a, list: [b, b], negated });
  return [
    ...operators.map((op): Named => ({ name: op, expr: compare(op, a, b) })),
    { name: 'IN', expr: isIn(false) },
    { name: 'NOT IN', expr: isIn(true) },
  ];
}
