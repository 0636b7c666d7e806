import type { Expr } from '@tributary/contract/plan';
import type { CallContextInfo } from '@tributary/contract/render';
import {
  type RuleArguments,
  constantText,
  named,
  rule,
  type FunctionRules,
} from '@tributary/connector-sdk/sql';
import { floatRange, product, quotient, sum } from './float-range.js';

const infinity = `'Infinity'::double precision`;

/** A bound under which an addend cannot carry the largest double over the edge: half its last place. */
const harmlessAddend = 2 ** 969;

/**
 * DOUBLE arithmetic where PostgreSQL cannot fail, or is kept from it. Rounding is IEEE 754's in both.
 */
export const floatArithmetic: FunctionRules = [
  ['+', [rule(['double', 'double'], ([a, b], { args }) => (isSafeSum(args) ? `(${a} + ${b})` : undefined))]],
  [
    '-',
    [
      rule(['double', 'double'], ([a, b], { args }) => (isSafeSum(args) ? `(${a} - ${b})` : undefined)),
      rule(['double'], ([a]) => `(- ${a})`),
    ],
  ],
  ['*', [rule(['double', 'double'], multiply)]],
  ['/', [rule(['double', 'double'], divide)]],
  ['abs', [rule(['double'], ([a]) => `abs(${a})`)]],
  ['@', [rule(['double'], ([a]) => `abs(${a})`)]],
  ['floor', [rule(['double'], ([a]) => `floor(${a})`)]],
  ...named(['ceil', 'ceiling'], [rule(['double'], ([a]) => `ceil(${a})`)]),
  ['trunc', [rule(['double'], ([a]) => `trunc(${a})`)]],
  // DuckDB rounds a half away from zero, PostgreSQL to the even neighbour. The fraction of a double is exact.
  [
    'round',
    [
      rule(
        ['double'],
        ([a]) => `CASE WHEN abs(${a} - trunc(${a})) = 0.5 THEN trunc(${a}) + sign(${a}) ELSE round(${a}) END`,
      ),
    ],
  ],
  ['sqrt', [rule(['double'], ([a]) => `sqrt(${a})`)]],
  ['isnan', [rule(['double'], ([a]) => `(${a} = 'NaN'::double precision)`)]],
];

function isSafeSum(args: readonly Expr[]): boolean {
  const [a, b] = args.map(floatRange);
  if (a !== undefined && b !== undefined) return sum(a, b) !== undefined;
  const known = a ?? b;
  return known !== undefined && known.max <= harmlessAddend;
}

function multiply([a, b]: RuleArguments, { args }: CallContextInfo): string | undefined {
  const [left, right] = args.map(floatRange);
  if (left !== undefined && right !== undefined) return product(left, right) && `(${a} * ${b})`;
  const factor = left !== undefined ? constant(args[0]) : constant(args[1]);
  if (factor === undefined) return undefined;
  const [value, text] = left !== undefined ? [b, a] : [a, b];
  return guarded(value, `${value} * ${text}`, factor, (x) => x * factor);
}

function divide([a, b]: RuleArguments, { args }: CallContextInfo): string | undefined {
  const [left, right] = args.map(floatRange);
  const divisor = constant(args[1]);
  if (divisor !== undefined && divisor !== 0) {
    if (left !== undefined && right !== undefined && quotient(left, right) !== undefined)
      return `(${a} / ${b})`;
    return guarded(a, `${a} / ${b}`, divisor, (x) => x / divisor);
  }
  if (left === undefined || right === undefined || right.signedZero) return undefined;
  // x / 0 is an infinity with the sign of x, and 0 / 0 is NaN: what x * Infinity is.
  return quotient(left, right) && `CASE WHEN ${b} = 0 THEN ${a} * ${infinity} ELSE ${a} / ${b} END`;
}

/** A DOUBLE constant other than NaN, infinities and zero, by which any value at all may be multiplied or divided. */
function constant(expr: Expr | undefined): number | undefined {
  const text = expr?.kind === 'literal' ? constantText(expr) : undefined;
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) && value !== 0 ? value : undefined;
}

/**
 * `sql` over every double: where it would overflow, the infinity that IEEE 754 says, and where it would underflow, the zero.
 * The borders are found by doing the operation here, on the same doubles.
 */
function guarded(value: string, sql: string, operand: number, apply: (x: number) => number): string {
  const vanishes = largestDouble((x) => apply(x) === 0);
  const stays = largestDouble((x) => Number.isFinite(apply(x)));
  const sign = operand < 0 ? '-' : '';
  const zero = `'${sign}0'::double precision`;
  const guards = [
    ...(vanishes > 0
      ? [`WHEN abs(${value}) <= '${vanishes}'::double precision THEN ${value} * ${zero}`]
      : []),
    ...(stays < Number.MAX_VALUE
      ? [
          `WHEN abs(${value}) > '${stays}'::double precision THEN ${value} * '${sign}Infinity'::double precision`,
        ]
      : []),
  ];
  return guards.length === 0 ? `(${sql})` : `CASE ${guards.join(' ')} ELSE ${sql} END`;
}

/** The largest finite positive double for which `test` holds, where it holds for all below (zero if for none). */
function largestDouble(test: (x: number) => boolean): number {
  const view = new DataView(new ArrayBuffer(8));
  const toDouble = (bits: bigint): number => {
    view.setBigUint64(0, bits);
    return view.getFloat64(0);
  };
  let holds = 0n;
  let fails = 0x7ff0_0000_0000_0000n;
  while (fails - holds > 1n) {
    const middle = (holds + fails) / 2n;
    if (test(toDouble(middle))) holds = middle;
    else fails = middle;
  }
  return toDouble(holds);
}
