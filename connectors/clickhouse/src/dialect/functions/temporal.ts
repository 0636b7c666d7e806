import type { CallContextInfo, DataType } from '@tributary/connector-sdk';
import {
  canonicalPart,
  fieldFunctions,
  type RuleArguments,
  constantText,
  named,
  rule,
  type FunctionRules,
} from '@tributary/connector-sdk/sql';

/** Fields that both count alike, by DuckDB's canonical name. */
const fields: Readonly<Record<string, string>> = {
  year: 'toYear',
  quarter: 'toQuarter',
  month: 'toMonth',
  day: 'toDayOfMonth',
  hour: 'toHour',
  minute: 'toMinute',
  second: 'toSecond',
  isodow: 'toDayOfWeek',
  doy: 'toDayOfYear',
  week: 'toISOWeek',
  isoyear: 'toISOYear',
};

/** A date has no clock, and the day of the year of the last day of Date32 is one too small. */
const datelessFields: ReadonlySet<string> = new Set(['hour', 'minute', 'second', 'doy']);

const starts: Readonly<Record<string, string>> = {
  year: 'toStartOfYear',
  quarter: 'toStartOfQuarter',
  month: 'toStartOfMonth',
  week: 'toMonday',
  day: 'toStartOfDay',
  hour: 'toStartOfHour',
  minute: 'toStartOfMinute',
  second: 'toStartOfSecond',
};

const isPoint = (type: DataType): boolean => type.id === 'date' || type.id === 'timestamptz';

/** The zone is UTC, as the engine's is. No interval is added here: DuckDB makes a zoneless TIMESTAMP of a date. */
export const temporal: FunctionRules = [
  ...fieldFunctions(Object.keys(fields)).map(
    (name) => [name, [rule([isPoint], ([a], call) => field(name, a, call.types[0]))]] as const,
  ),
  ...named(
    ['date_part', 'datepart'],
    [rule(['varchar', isPoint], ([, a], { args, types }) => field(constantText(args[0]), a, types[1]))],
  ),
  ...named(['date_trunc', 'datetrunc'], [rule(['varchar', 'timestamptz'], truncate)]),
];

function field(part: string | undefined, value: string, type: DataType | undefined): string | undefined {
  const canonical = canonicalPart(part);
  const fn = fields[canonical];
  if (fn === undefined) return undefined;
  if (type?.id === 'timestamptz') return `toInt64(${fn}(toTimeZone(${value}, 'UTC')))`;
  return datelessFields.has(canonical) ? undefined : `toInt64(${fn}(${value}))`;
}

/**
 * Whole seconds first: before 1970 ClickHouse cuts a fraction off towards zero. Of a date DuckDB makes a TIMESTAMP, which ClickHouse
 * lacks.
 */
function truncate([, value]: RuleArguments, { args, result }: CallContextInfo): string | undefined {
  const start = starts[constantText(args[0])?.toLowerCase() ?? ''];
  if (start === undefined || result.id !== 'timestamptz') return undefined;
  const seconds = `toStartOfSecond(toDateTime64(${value}, 6, 'UTC'))`;
  return `toDateTime64(${start}(${seconds}), 6, 'UTC')`;
}
