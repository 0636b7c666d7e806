import type { DataType } from '@tributary/contract/plan';
import type { CallContextInfo, FunctionRule } from '@tributary/contract/render';
import { quoteText } from '../quote.js';
import {
  canonicalPart,
  fieldFunctions,
  type RuleArguments,
  constantText,
  named,
  rule,
  type FunctionRules,
} from '@tributary/connector-sdk/sql';

/**
 * Dates and times. Sessions run in UTC, as DuckDB does here; where a function depends on the zone it is written out all the
 * same. Of an infinite date PostgreSQL's fields are infinite or NULL, DuckDB's always NULL; PostgreSQL's year before year 1 is
 * -1, DuckDB's is 0.
 */
const fields: Readonly<Record<string, (value: string) => string>> = {
  year: (value) =>
    `CASE WHEN isfinite(${value}) THEN CAST(extract(year FROM ${value}) AS bigint) + CAST(${value} < '0001-01-01' AS integer) END`,
  quarter: part('quarter'),
  month: part('month'),
  day: part('day'),
  hour: part('hour'),
  minute: part('minute'),
  // PostgreSQL's seconds have a fraction; CAST would round it.
  second: (value) => `CAST(floor(extract(second FROM ${value})) AS bigint)`,
  dow: part('dow'),
  isodow: part('isodow'),
  doy: part('doy'),
  week: part('week'),
};

/** PostgreSQL has no hour of a date; DuckDB's is 0. */
const clockFields: ReadonlySet<string> = new Set(['hour', 'minute', 'second']);

/** What `date_trunc` cuts alike. Not decades and longer, which differ before year 1. */
const truncations: ReadonlySet<string> = new Set([
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'second',
  'year',
]);

const isPoint = (type: DataType): boolean =>
  type.id === 'date' || type.id === 'timestamp' || type.id === 'timestamptz';

export const temporal: FunctionRules = [
  ...fieldFunctions(Object.keys(fields)).map(
    (name) => [name, [rule([isPoint], ([value], call) => field(name, value, call.types[0]))]] as const,
  ),
  ...named(
    ['date_part', 'datepart'],
    [
      rule(['varchar', isPoint], ([, value], { args, types }) =>
        field(constantText(args[0]), value, types[1]),
      ),
    ],
  ),
  ...named(['date_trunc', 'datetrunc'], [rule(['varchar', isPoint], truncate)]),
  ...additions(),
  [
    'last_day',
    [
      rule(
        ['date'],
        ([a]) =>
          `CASE WHEN isfinite(${a}) THEN CAST(date_trunc('month', CAST(${a} AS timestamp)) + INTERVAL '1 month - 1 day' AS date) END`,
      ),
    ],
  ],
];

/** Adding and subtracting. Months go first and stop at a month's last day in both. */
function additions(): FunctionRules {
  const intervals: readonly FunctionRule[] = ['date', 'timestamp', 'timestamptz'].map((id) =>
    rule([(type) => type.id === id, 'interval'], ([a, b]) => `(${a} + ${b})`),
  );
  const differences: readonly FunctionRule[] = ['date', 'timestamp', 'timestamptz'].map((id) =>
    rule([(type) => type.id === id, 'interval'], ([a, b]) => `(${a} - ${b})`),
  );
  return [
    ['+', [...intervals, rule(['date', 'integer'], ([a, b]) => `(${a} + ${b})`)]],
    [
      '-',
      [
        ...differences,
        rule(['date', 'integer'], ([a, b]) => `(${a} - ${b})`),
        rule(['timestamp', 'timestamp'], ([a, b]) => `(${a} - ${b})`),
      ],
    ],
  ];
}

function part(name: string): (value: string) => string {
  return (value) => `CAST(extract(${name} FROM ${value}) AS bigint)`;
}

function field(name: string | undefined, value: string, type: DataType | undefined): string | undefined {
  const canonical = canonicalPart(name);
  if (type?.id === 'timestamptz') {
    const local = `(${value} AT TIME ZONE 'UTC')`;
    return canonical === 'year' ? yearOfEra(local) : fields[canonical]?.(local);
  }
  const point = type?.id === 'date' && clockFields.has(canonical) ? `CAST(${value} AS timestamp)` : value;
  return fields[canonical]?.(point);
}

/** For a timestamp with time zone DuckDB asks ICU, whose year before year 1 counts backwards: 44 for 44 BC. */
function yearOfEra(value: string): string {
  return `CASE WHEN isfinite(${value}) THEN CAST(abs(extract(year FROM ${value})) AS bigint) END`;
}

function truncate([, value]: RuleArguments, { args, types, result }: CallContextInfo): string | undefined {
  const unit = constantText(args[0])?.toLowerCase();
  if (unit === undefined || !truncations.has(unit)) return undefined;
  const [, type] = types;
  if (type?.id === 'timestamptz') return `date_trunc(${quoteText(unit)}, ${value}, 'UTC')`;
  // PostgreSQL would take a date for a timestamp with time zone.
  const timestamp = `date_trunc(${quoteText(unit)}, ${type?.id === 'date' ? `CAST(${value} AS timestamp)` : value})`;
  return result.id === 'date' ? `CAST(${timestamp} AS date)` : timestamp;
}
