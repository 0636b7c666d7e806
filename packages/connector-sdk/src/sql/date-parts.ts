/** Other names of a date's fields, as functions and as parts. */
const fieldAliases: Readonly<Record<string, string>> = {
  dayofmonth: 'day',
  dayofweek: 'dow',
  weekday: 'dow',
  dayofyear: 'doy',
  weekofyear: 'week',
};

const partAliases: Readonly<Record<string, string>> = {
  ...fieldAliases,
  years: 'year',
  quarters: 'quarter',
  months: 'month',
  days: 'day',
  hours: 'hour',
  minutes: 'minute',
  seconds: 'second',
  weeks: 'week',
};

/** Names of the functions that give one of these fields: `day`, `dayofmonth`. DuckDB has none that are called `dow` and `doy`. */
export function fieldFunctions(fields: readonly string[]): readonly string[] {
  const aliases = Object.entries(fieldAliases).filter(([, field]) => fields.includes(field));
  return [
    ...fields.filter((field) => field !== 'dow' && field !== 'doy'),
    ...aliases.map(([alias]) => alias),
  ];
}

/** DuckDB's own name of what `date_part` is asked for, in any case and under any alias; `''` where it is no constant. */
export function canonicalPart(part: string | undefined): string {
  const lower = part?.toLowerCase() ?? '';
  return partAliases[lower] ?? lower;
}
