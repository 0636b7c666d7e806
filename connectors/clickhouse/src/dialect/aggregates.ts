import { type DataType, isFloat, isInteger } from '@tributary/connector-sdk';
import type { AggregateContextInfo, AggregateRule, TypePattern } from '@tributary/connector-sdk';
import { isExact } from './cast.js';
import { isComparable } from './comparison.js';

/** DISTINCT inside, FILTER and OVER behind, as standard SQL has them. */
function call(name: string, arg: string, context: AggregateContextInfo): string {
  const filter = context.filter === undefined ? '' : ` FILTER (WHERE ${context.filter})`;
  const over = context.over === undefined ? '' : ` ${context.over}`;
  return `${name}(${context.distinct ? 'DISTINCT ' : ''}${arg})${filter}${over}`;
}

function aggregate(
  args: readonly TypePattern[],
  render: (arg: string, context: AggregateContextInfo) => string | undefined,
): AggregateRule {
  return { args, distinct: true, window: true, render: (texts, context) => render(texts[0] ?? '', context) };
}

function isSummable(type: DataType): boolean {
  return isInteger(type) && isExact(type) && type.id !== 'hugeint';
}

/** Text and UUIDs too, in whose order both agree; an enum's order is that of its labels. */
function hasExtremes(type: DataType): boolean {
  return isComparable(type) && type.id !== 'enum' && type.id !== 'uuid';
}

/** NaN is DuckDB's greatest value; ClickHouse skips it or not, as the rows come. */
function floatExtreme(name: 'min' | 'max'): AggregateRule {
  return aggregate([isFloat], (arg, context) => {
    const rest = name === 'max' ? arg : `if(isNaN(${arg}), inf, ${arg})`;
    return `if(${call(name, `isNaN(${arg})`, context)} = 1, nan, ${call(name, rest, context)})`;
  });
}

/** The settings make sums and extremes of no rows NULL (see execute/settings.ts). */
export const clickhouseAggregates: ReadonlyMap<string, readonly AggregateRule[]> = new Map<
  string,
  readonly AggregateRule[]
>([
  ['count_star', [aggregate([], (_, context) => `toInt64(${call('count', '', context)})`)]],
  [
    'count',
    [
      aggregate([], (_, context) => `toInt64(${call('count', '', context)})`),
      aggregate(['any'], (arg, context) => `toInt64(${call('count', arg, context)})`),
    ],
  ],
  // DuckDB's is a sum: over no rows, or nothing but NULLs, it is NULL.
  [
    'count_if',
    [
      aggregate(['boolean'], (arg, context) =>
        context.distinct ? undefined : call('sum', `toInt128(${arg})`, context),
      ),
    ],
  ],
  [
    'sum',
    [
      aggregate(['decimal'], (arg, context) => call('sum', arg, context)),
      // In 64 bits it would wrap around.
      aggregate([isSummable], (arg, context) => call('sum', `toInt128(${arg})`, context)),
      aggregate([isFloat], (arg, context) => (context.distinct ? undefined : call('sum', arg, context))),
    ],
  ],
  [
    'avg',
    [
      aggregate([(type) => isSummable(type) || type.id === 'decimal'], average),
      aggregate([isFloat], (arg, context) => (context.distinct ? undefined : call('avg', arg, context))),
    ],
  ],
  ['min', [aggregate([hasExtremes], (arg, context) => call('min', arg, context)), floatExtreme('min')]],
  ['max', [aggregate([hasExtremes], (arg, context) => call('max', arg, context)), floatExtreme('max')]],
  ['bool_and', [aggregate(['boolean'], (arg, context) => call('min', arg, context))]],
  ['bool_or', [aggregate(['boolean'], (arg, context) => call('max', arg, context))]],
]);

/** An exact sum, rounded once: ClickHouse's own average would sum in 64 bits. */
function average(arg: string, context: AggregateContextInfo): string {
  const exact = context.types[0]?.id === 'decimal' ? arg : `toInt128(${arg})`;
  return `(toFloat64(${call('sum', exact, context)}) / nullIf(${call('count', arg, context)}, 0))`;
}
