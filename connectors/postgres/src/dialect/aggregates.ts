import { type DataType, isFloat } from '@tributary/contract/plan';
import type { AggregateContextInfo, AggregateRule, TypePattern } from '@tributary/contract/render';
import { byteCollation, isComparable } from './comparison.js';
import { isPostgresExact } from './functions/exact-arithmetic.js';

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

/** What `min` and `max` take, and answer as DuckDB does; PostgreSQL has none for uuid and bytea before version 18. */
function hasExtremes(type: DataType): boolean {
  return isComparable(type) && !['boolean', 'enum', 'uuid', 'blob', 'varchar'].includes(type.id);
}

function extreme(name: string, ofBooleans: string): readonly AggregateRule[] {
  return [
    aggregate([hasExtremes], (arg, context) => call(name, arg, context)),
    aggregate(['varchar'], (arg, context) => call(name, `${arg} ${byteCollation}`, context)),
    aggregate(['boolean'], (arg, context) => call(ofBooleans, arg, context)),
  ];
}

/** DuckDB's avg of a decimal divides the sum of the unscaled integers by count * 10^scale: one rounding, not two. */
function exactAverage(arg: string, context: AggregateContextInfo): string {
  const [type] = context.types;
  const unit = type?.id === 'decimal' && type.scale > 0 ? ` * ${10n ** BigInt(type.scale)}` : '';
  const sum = `CAST(${call('sum', arg, context)}${unit} AS double precision)`;
  return `(${sum} / NULLIF(${call('count', arg, context)}${unit}, 0))`;
}

/**
 * Aggregates that agree. Sums and averages of floats depend on the order of addition in either database and agree to within
 * rounding; where a sum leaves the range of double, PostgreSQL fails and DuckDB says Infinity. Standard deviations are not
 * here: the two take different ways to them, and DuckDB fails on infinities.
 */
export const postgresAggregates: ReadonlyMap<string, readonly AggregateRule[]> = new Map<
  string,
  readonly AggregateRule[]
>([
  ['count_star', [aggregate([], (_, context) => call('count', '*', context))]],
  [
    'count',
    [
      aggregate([], (_, context) => call('count', '*', context)),
      aggregate(['any'], (arg, context) => call('count', arg, context)),
    ],
  ],
  // DuckDB's is a sum: over no rows it is NULL.
  [
    'count_if',
    [
      aggregate(['boolean'], (arg, context) =>
        context.distinct ? undefined : `CAST(${call('sum', `CAST(${arg} AS integer)`, context)} AS numeric)`,
      ),
    ],
  ],
  [
    'sum',
    [
      aggregate(['decimal'], (arg, context) => call('sum', arg, context)),
      aggregate([isPostgresExact], (arg, context) => `CAST(${call('sum', arg, context)} AS numeric)`),
      aggregate(['double'], (arg, context) => call('sum', arg, context)),
    ],
  ],
  [
    'avg',
    [
      aggregate([isPostgresExact], exactAverage),
      aggregate([isFloat], (arg, context) =>
        context.types[0]?.id === 'double'
          ? `(${call('sum', arg, context)} / NULLIF(${call('count', arg, context)}, 0))`
          : undefined,
      ),
    ],
  ],
  ['min', extreme('min', 'bool_and')],
  ['max', extreme('max', 'bool_or')],
  ['bool_and', [aggregate(['boolean'], (arg, context) => call('bool_and', arg, context))]],
  ['bool_or', [aggregate(['boolean'], (arg, context) => call('bool_or', arg, context))]],
  ['bit_and', [aggregate([isMachineInteger], (arg, context) => call('bit_and', arg, context))]],
  ['bit_or', [aggregate([isMachineInteger], (arg, context) => call('bit_or', arg, context))]],
]);

function isMachineInteger(type: DataType): boolean {
  return type.id === 'smallint' || type.id === 'integer' || type.id === 'bigint';
}
