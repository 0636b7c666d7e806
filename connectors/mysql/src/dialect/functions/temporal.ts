import type { DataType, CallContextInfo } from '@tributary/connector-sdk';
import {
  canonicalPart,
  fieldFunctions,
  type RuleArguments,
  constantText,
  named,
  rule,
  type FunctionRules,
} from '@tributary/connector-sdk/sql';

/** Sessions run in UTC, as DuckDB does here. MySQL's calendar has the years 1 to 9999 only. */
const fields: Readonly<Record<string, (value: string) => string>> = {
  year: (value) => `year(${value})`,
  quarter: (value) => `quarter(${value})`,
  month: (value) => `month(${value})`,
  day: (value) => `dayofmonth(${value})`,
  hour: (value) => `hour(${value})`,
  minute: (value) => `minute(${value})`,
  second: (value) => `second(${value})`,
  // Sunday is 1 to DAYOFWEEK, 0 to DuckDB; Monday is 0 to WEEKDAY, 1 to DuckDB.
  dow: (value) => `(dayofweek(${value}) - 1)`,
  isodow: (value) => `(weekday(${value}) + 1)`,
  doy: (value) => `dayofyear(${value})`,
  // Mode 3 is ISO 8601.
  week: (value) => `week(${value}, 3)`,
};

const truncations: Readonly<Record<string, (value: string) => string>> = {
  year: formatted('%Y-01-01'),
  quarter: (value) => `concat(date_format(${value}, '%Y-'), lpad(quarter(${value}) * 3 - 2, 2, '0'), '-01')`,
  month: formatted('%Y-%m-01'),
  week: (value) => `(date(${value}) - INTERVAL weekday(${value}) DAY)`,
  day: formatted('%Y-%m-%d'),
  hour: formatted('%Y-%m-%d %H:00:00'),
  minute: formatted('%Y-%m-%d %H:%i:00'),
  second: formatted('%Y-%m-%d %H:%i:%s'),
};

const isPoint = (type: DataType): boolean =>
  type.id === 'date' || type.id === 'timestamp' || type.id === 'timestamptz';

/**
 * Dates and times. Adding intervals to columns is not here: beyond the year 9999 MySQL says NULL where DuckDB goes on, and
 * 9999-12-31 is what many tables call "for ever".
 */
export const temporal: FunctionRules = [
  ...fieldFunctions(Object.keys(fields)).map(
    (name) => [name, [rule([isPoint], ([value]) => field(name, value))]] as const,
  ),
  ...named(
    ['date_part', 'datepart'],
    [rule(['varchar', isPoint], ([, value], { args }) => field(constantText(args[0]), value))],
  ),
  ...named(['date_trunc', 'datetrunc'], [rule(['varchar', isPoint], truncate)]),
  ['-', [rule(['date', 'date'], ([a, b]) => `datediff(${a}, ${b})`)]],
  ['last_day', [rule(['date'], ([a]) => `last_day(${a})`)]],
];

function field(name: string | undefined, value: string): string | undefined {
  return fields[canonicalPart(name)]?.(value);
}

function formatted(format: string): (value: string) => string {
  return (value) => `date_format(${value}, '${format}')`;
}

function truncate([, value]: RuleArguments, { args, result }: CallContextInfo): string | undefined {
  const text = truncations[constantText(args[0])?.toLowerCase() ?? '']?.(value);
  return text && `CAST(${text} AS ${result.id === 'date' ? 'DATE' : 'DATETIME(6)'})`;
}
