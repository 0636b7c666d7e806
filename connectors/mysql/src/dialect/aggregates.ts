import {
  type DataType,
  isFloat,
  type AggregateContextInfo,
  type AggregateRule,
  type TypePattern,
} from '@tributary/connector-sdk';
import { isComparable } from './comparison.js';
import { isMySqlExact } from './functions/exact-arithmetic.js';

/** FILTER as a CASE inside, DISTINCT before it, OVER behind. */
function call(name: string, arg: string, context: AggregateContextInfo): string {
  const filtered = context.filter === undefined ? arg : `CASE WHEN ${context.filter} THEN ${arg} END`;
  const over = context.over === undefined ? '' : ` ${context.over}`;
  return `${name}(${context.distinct ? 'DISTINCT ' : ''}${filtered})${over}`;
}

function countRows(context: AggregateContextInfo): string {
  if (context.filter !== undefined) return call('count', '1', { ...context, distinct: false });
  return `count(*)${context.over === undefined ? '' : ` ${context.over}`}`;
}

function aggregate(
  args: readonly TypePattern[],
  render: (arg: string, context: AggregateContextInfo) => string | undefined,
): AggregateRule {
  return { args, distinct: true, window: true, render: (texts, context) => render(texts[0] ?? '', context) };
}

/** MIN and MAX of an enum would be those of its text. */
function hasExtremes(type: DataType): boolean {
  return isComparable(type) && type.id !== 'enum';
}

/** DuckDB's avg of a decimal divides the sum of the unscaled integers by count * 10^scale: one rounding, not two. */
function exactAverage(arg: string, context: AggregateContextInfo): string {
  const [type] = context.types;
  const unit = type?.id === 'decimal' && type.scale > 0 ? ` * ${10n ** BigInt(type.scale)}` : '';
  const sum = `CAST(${call('sum', arg, context)}${unit} AS DOUBLE)`;
  return `(${sum} / (${call('count', arg, context)}${unit}))`;
}

/**
 * Aggregates that agree. MySQL divides by a count of zero to NULL. Sums and averages of floats depend on the order of addition in either
 * database and agree to within rounding; where a sum leaves the range of double, MySQL fails and DuckDB says Infinity. Not here:
 * GROUP_CONCAT (cut off at the packet's size without an error), the bit aggregates (all ones over no rows), standard deviations.
 */
export const mySqlAggregates: ReadonlyMap<string, readonly AggregateRule[]> = new Map<
  string,
  readonly AggregateRule[]
>([
  ['count_star', [aggregate([], (_, context) => countRows(context))]],
  [
    'count',
    [
      aggregate([], (_, context) => countRows(context)),
      aggregate(['any'], (arg, context) => call('count', arg, context)),
    ],
  ],
  // DuckDB's is a sum: over no rows it is NULL.
  [
    'count_if',
    [
      aggregate(['boolean'], (arg, context) =>
        context.distinct
          ? undefined
          : call('sum', `CASE WHEN ${arg} THEN 1 WHEN NOT ${arg} THEN 0 END`, context),
      ),
    ],
  ],
  [
    'sum',
    [
      aggregate([isMySqlExact], (arg, context) => call('sum', arg, context)),
      aggregate(['double'], (arg, context) => call('sum', arg, context)),
    ],
  ],
  [
    'avg',
    [
      aggregate([isMySqlExact], exactAverage),
      aggregate([isFloat], (arg, context) =>
        context.types[0]?.id === 'double'
          ? `(${call('sum', arg, context)} / ${call('count', arg, context)})`
          : undefined,
      ),
    ],
  ],
  ['min', [aggregate([hasExtremes], (arg, context) => call('min', arg, context))]],
  ['max', [aggregate([hasExtremes], (arg, context) => call('max', arg, context))]],
  ['bool_and', [aggregate(['boolean'], (arg, context) => call('min', arg, context))]],
  ['bool_or', [aggregate(['boolean'], (arg, context) => call('max', arg, context))]],
]);
