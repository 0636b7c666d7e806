/** Days and microseconds as DuckDB counts them; the greatest and the least stand for its infinities. */
const dateInfinity = 2_147_483_647;
const instantInfinity = 9_223_372_036_854_775_807n;

const dayMs = 86_400_000;

/** Days from 1970-01-01 to a date in literal text form: `2020-01-31`, `0044-03-15 (BC)`, `infinity`. */
export function daysOf(text: string): number | undefined {
  if (text === 'infinity') return dateInfinity;
  if (text === '-infinity') return -dateInfinity;
  const match = /^(\d+)-(\d{2})-(\d{2})( \(BC\))?$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, era] = match;
  return utc(Number(year), Number(month), Number(day), era !== undefined) / dayMs;
}

/** Microseconds from 1970 to an instant in literal text form: `2020-01-31 12:00:00.5+00`. */
export function microsOf(text: string): bigint | undefined {
  if (text === 'infinity') return instantInfinity;
  if (text === '-infinity') return -instantInfinity;
  const match =
    /^(\d+)-(\d{2})-(\d{2})( \(BC\))? (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?([+-])(\d{2})(?::(\d{2}))?(?::(\d{2}))?$/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, year, month, day, era, hour, minute, second, fraction = '', sign, ...offset] = match;
  const date = utc(Number(year), Number(month), Number(day), era !== undefined);
  const seconds = date / 1000 + secondsOf(hour, minute, second);
  const local = BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  const [offsetHour, offsetMinute, offsetSecond] = offset;
  const shift = BigInt(secondsOf(offsetHour, offsetMinute, offsetSecond)) * 1_000_000n;
  return sign === '+' ? local - shift : local + shift;
}

function secondsOf(hour = '0', minute = '0', second = '0'): number {
  return (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
}

/** `Date.UTC` would take the years 0 to 99 for those of the last century. */
function utc(year: number, month: number, day: number, isBeforeChrist: boolean): number {
  return new Date(0).setUTCFullYear(isBeforeChrist ? 1 - year : year, month - 1, day);
}
