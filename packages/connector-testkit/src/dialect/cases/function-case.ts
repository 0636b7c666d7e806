import { type DataType, type Expr } from '@tributary/connector-sdk';
import { call, lit } from '../expressions.js';

/** One call of a scalar function over the pairs of a type's values. */
export interface FunctionCase {
  readonly fn: string;
  readonly result: DataType;
  readonly args: (a: Expr, b: Expr) => readonly Expr[];
}

/** A call with the first value of a pair, and constants. */
export function one(fn: string, result: DataType, ...more: readonly Expr[]): FunctionCase {
  return { fn, result, args: (a) => [a, ...more] };
}

/** A call with both values of a pair, and constants. */
export function two(fn: string, result: DataType, ...more: readonly Expr[]): FunctionCase {
  return { fn, result, args: (a, b) => [a, b, ...more] };
}

export const bigint = (value: number): Expr => lit('bigint', String(value));
export const text = (value: string): Expr => lit('varchar', value);

export function callOf({ fn, args, result }: FunctionCase, a: Expr, b: Expr): Expr {
  return call(fn, args(a, b), result);
}

/** `left(a, '2')` */
export function titleOf({ fn, args }: FunctionCase): string {
  const argument = (name: string): Expr => ({ kind: 'parameter', name, type: { id: 'null' } });
  return `${fn}(${args(argument('a'), argument('b')).map(shown).join(', ')})`;
}

function shown(expr: Expr): string {
  switch (expr.kind) {
    case 'literal':
      return `'${expr.value}'`;
    case 'parameter':
      return expr.name;
    case 'cast':
      return `${shown(expr.arg)}::${expr.type.id}`;
    default:
      return '…';
  }
}
