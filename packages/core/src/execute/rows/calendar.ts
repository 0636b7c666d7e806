/** DuckDB's infinities: the type's largest value, and that negated. */
const infiniteDays = 2 ** 31 - 1;
const infiniteTicks = 2n ** 63n - 1n;

const ticksPerDay = { s: 86_400n, ms: 86_400_000n, us: 86_400_000_000n, ns: 86_400_000_000_000n } as const;
const fractionDigits = { s: 0, ms: 3, us: 6, ns: 9 } as const;

export type TimeUnit = keyof typeof ticksPerDay;

/** ISO 8601 date of days since 1970-01-01; `infinity` and `-infinity` as they are. */
export function dateText(days: number): string {
  if (days === infiniteDays) return 'infinity';
  if (days === -infiniteDays) return '-infinity';
  const { year, month, day } = civilFromDays(days);
  return `${yearText(year)}-${twoDigits(month)}-${twoDigits(day)}`;
}

/** ISO 8601 date and time of ticks since the epoch, without a zone. */
export function timestampText(ticks: bigint, unit: TimeUnit): string {
  if (ticks === infiniteTicks) return 'infinity';
  if (ticks === -infiniteTicks) return '-infinity';
  const perDay = ticksPerDay[unit];
  const inDay = ((ticks % perDay) + perDay) % perDay;
  const days = Number((ticks - inDay) / perDay);
  return `${dateText(days)}T${timeText(inDay, unit)}`;
}

/** `12:34:56.789`: the fraction without its trailing zeros. */
export function timeText(ticks: bigint, unit: TimeUnit): string {
  const digits = fractionDigits[unit];
  const perSecond = 10n ** BigInt(digits);
  const seconds = Number(ticks / perSecond);
  const fraction = digits === 0 ? '' : fractionText(ticks % perSecond, digits);
  const hours = Math.floor(seconds / 3600);
  return `${twoDigits(hours)}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}${fraction}`;
}

/** ISO 8601 duration: `P1Y2M3DT4H5M6.5S`; every part carries its own sign. */
export function intervalText(months: number, days: number, nanoseconds: bigint): string {
  const years = Math.trunc(months / 12);
  const negative = nanoseconds < 0n;
  const magnitude = negative ? -nanoseconds : nanoseconds;
  const sign = negative ? '-' : '';
  const seconds = magnitude / 1_000_000_000n;
  const fraction = fractionText(magnitude % 1_000_000_000n, 9);
  const date = part(years, 'Y') + part(months % 12, 'M') + part(days, 'D');
  const hours = seconds / 3600n;
  const minutes = (seconds / 60n) % 60n;
  const rest = seconds % 60n;
  const time =
    (hours > 0n ? `${sign}${hours}H` : '') +
    (minutes > 0n ? `${sign}${minutes}M` : '') +
    (rest > 0n || fraction !== '' ? `${sign}${rest}${fraction}S` : '');
  if (date === '' && time === '') return 'PT0S';
  return `P${date}${time === '' ? '' : `T${time}`}`;
}

function part(value: number, unit: string): string {
  return value === 0 ? '' : `${value}${unit}`;
}

function fractionText(fraction: bigint, digits: number): string {
  return fraction === 0n ? '' : `.${String(fraction).padStart(digits, '0').replace(/0+$/, '')}`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** Years outside 0 to 9999 have a sign and six digits, as ISO 8601 and JavaScript write them. */
function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`;
}

/**
 * Proleptic Gregorian calendar, far beyond the range of JavaScript's Date.
 * Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
 */
function civilFromDays(days: number): {
  readonly year: number;
  readonly month: number;
  readonly day: number;
} {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}
