import { type DataType, type Expr, decimalType, isFloat, isInteger, literal } from '@tributary/connector-sdk';
import { cast, lit } from '../expressions.js';
import { type FunctionCase, one, two } from './function-case.js';

const double: DataType = { id: 'double' };

export function numberCases(type: DataType): readonly FunctionCase[] {
  if (isInteger(type)) return [...integerCases(type), ...asDoubles];
  if (isFloat(type)) return floatCases(type);
  return type.id === 'decimal' ? [...decimalCases(type.precision, type.scale), ...asDoubles] : [];
}

function integerCases(type: DataType): readonly FunctionCase[] {
  const isSigned = !type.id.startsWith('u');
  const divisors = ['0', '3', ...(isSigned ? ['-3'] : [])];
  return [
    ...['+', '-', '*', '//', '%', 'mod', '&', '|', 'xor'].map((fn) => two(fn, type)),
    ...(isSigned ? ['-', 'abs', '@', '~'] : ['~']).map((fn) => one(fn, type)),
    ...divisors.flatMap((value) => ['//', '%'].map((fn) => one(fn, type, literal(type, value)))),
  ];
}

/** The widths of results are those of DuckDB's binder: at most 18 digits of operands of at most 18, else at most 38. */
function decimalCases(precision: number, scale: number): readonly FunctionCase[] {
  const type = decimalType(precision, scale);
  const widened = (wanted: number, digits: number): DataType =>
    decimalType(Math.min(wanted, precision <= 18 ? 18 : 38), digits);
  const rounded = (to: number): DataType => decimalType(precision, Math.min(scale, Math.max(0, to)));
  return [
    ...['+', '-'].map((fn) => two(fn, widened(precision + 1, scale))),
    ...(2 * scale <= 18 ? [two('*', widened(2 * precision, 2 * scale))] : []),
    ...['%', 'mod'].map((fn) => two(fn, type)),
    ...['-', 'abs', '@'].map((fn) => one(fn, type)),
    ...['ceil', 'ceiling', 'floor', 'trunc', 'round'].map((fn) => one(fn, rounded(0))),
    ...[2, -1, 5].map((to) => one('round', rounded(to), lit('integer', String(to)))),
  ];
}

const factors = ['0.2', '3', '-7', '1e300', '1e-300', '0.5', '-0.25', '1'];
const summands = ['0.2', '-7', '1e290'];
const factorsOfFloat = ['0.2', '3', '-7', '1e30', '0.5', '1'];

function floatCases(type: DataType): readonly FunctionCase[] {
  const constant = (value: string): Expr => literal(type, value);
  const isDouble = type.id === 'double';
  return [
    ...['+', '-', '*', '/'].map((fn) => two(fn, type)),
    ...(isDouble ? factors : factorsOfFloat).flatMap((value) =>
      ['*', '/'].map((fn) => one(fn, type, constant(value))),
    ),
    ...(isDouble ? summands : []).flatMap((value) => ['+', '-'].map((fn) => one(fn, type, constant(value)))),
    { fn: '*', result: type, args: (a) => [constant('-3'), a] },
    ...['abs', '@', 'floor', 'ceil', 'ceiling', 'trunc', 'round', '-'].map((fn) => one(fn, type)),
    ...(isDouble ? [one('sqrt', type)] : []),
    one('isnan', { id: 'boolean' }),
  ];
}

/** DuckDB divides whole numbers and decimals as doubles. */
const asDoubles: readonly FunctionCase[] = ['+', '-', '*', '/'].map((fn) => ({
  fn,
  result: double,
  args: (a, b) => [cast(a, double), cast(b, double)],
}));
