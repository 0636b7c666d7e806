/*
 * Dates and times in DuckDB's text form, which casts back to the same value: `2024-02-29 10:00:00.5+00`,
 * `0044-03-15 (BC)`, `infinity`.
 */
const microsPerDay = 86_400_000_000n;
const maxDate = 2_147_483_647;
const maxMicros = 9_223_372_036_854_775_807n;

export function formatDate(days: number): string {
  if (days === maxDate) return 'infinity';
  if (days === -maxDate) return '-infinity';
  return civilDate(days);
}

/** Microseconds since midnight. */
export function formatTime(micros: bigint): string {
  const total = Number(micros);
  const seconds = Math.floor(total / 1_000_000);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${clock.map(twoDigits).join(':')}${fraction(total % 1_000_000, 6)}`;
}

/** DuckDB's infinite timestamps are the ends of the type's range, whatever its unit. */
export function isInfinite(timestamp: bigint): boolean {
  return timestamp === maxMicros || timestamp === -maxMicros;
}

/** Microseconds since 1970-01-01 00:00:00. */
export function formatTimestamp(micros: bigint): string {
  if (micros === maxMicros) return 'infinity';
  if (micros === -maxMicros) return '-infinity';
  const days = floorDivide(micros, microsPerDay);
  return `${civilDate(Number(days))} ${formatTime(micros - days * microsPerDay)}`;
}

/** Like {@link formatTimestamp}, with the nanoseconds that microseconds cannot hold. */
export function formatTimestampNanos(nanos: bigint): string {
  const micros = floorDivide(nanos, 1000n);
  const rest = Number(nanos - micros * 1000n);
  const text = formatTimestamp(micros);
  if (rest === 0) return text;
  const [seconds = '', digits = ''] = text.split('.');
  return `${seconds}.${digits.padEnd(6, '0')}${String(rest).padStart(3, '0').replace(/0+$/, '')}`;
}

/** `1 year 2 months 3 days 04:05:06.5` */
export function formatInterval(months: number, days: number, micros: bigint): string {
  const parts = [
    plural(Math.trunc(months / 12), 'year'),
    plural(months % 12, 'month'),
    plural(days, 'day'),
    micros === 0n ? '' : `${micros < 0n ? '-' : ''}${formatTime(micros < 0n ? -micros : micros)}`,
  ].filter((part) => part !== '');
  return parts.length > 0 ? parts.join(' ') : '00:00:00';
}

/** Howard Hinnant's `civil_from_days` (https://howardhinnant.github.io/date_algorithms.html). */
function civilDate(days: number): string {
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
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const text = `${String(year > 0 ? year : 1 - year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`;
  return year > 0 ? text : `${text} (BC)`;
}

function plural(count: number, unit: string): string {
  if (count === 0) return '';
  return `${count} ${unit}${Math.abs(count) === 1 ? '' : 's'}`;
}

function fraction(value: number, digits: number): string {
  return value === 0 ? '' : `.${String(value).padStart(digits, '0').replace(/0+$/, '')}`;
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
