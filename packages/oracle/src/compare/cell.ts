/**
 * A value in the form in which results of different systems are compared: a float is a number (compared with a
 * tolerance), everything else is its text as SQL would write it, e.g. `12.3`, `'abc'`, `date 1995-03-15`, `NULL`.
 */
export type Cell = string | number;

export type Row = readonly Cell[];

export const nullCell = 'NULL';

/** Scale is not value: 1.50 and 1.5 are the same number. */
export function decimalCell(unscaled: bigint, scale: number): Cell {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${unscaled < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

export function textCell(text: string): Cell {
  return `'${text}'`;
}

export function blobCell(bytes: Uint8Array): Cell {
  return `x'${Buffer.from(bytes).toString('hex')}'`;
}

export function intervalCell(months: number, days: number, nanoseconds: bigint): Cell {
  return `interval ${months} months ${days} days ${nanoseconds} ns`;
}

export function dateCell(daysSinceEpoch: number): Cell {
  return `date ${isoDate(BigInt(daysSinceEpoch))}`;
}

export function timeCell(nanoseconds: bigint): Cell {
  return `time ${clock(nanoseconds)}`;
}

export function timestampCell(kind: 'timestamp' | 'timestamptz', nanosecondsSinceEpoch: bigint): Cell {
  const nanosecondsPerDay = 86_400_000_000_000n;
  const rest = ((nanosecondsSinceEpoch % nanosecondsPerDay) + nanosecondsPerDay) % nanosecondsPerDay;
  const days = (nanosecondsSinceEpoch - rest) / nanosecondsPerDay;
  return `${kind} ${isoDate(days)} ${clock(rest)}`;
}

export function listCell(cells: readonly Cell[]): Cell {
  return `[${cells.join(', ')}]`;
}

export function structCell(fields: readonly (readonly [string, Cell])[]): Cell {
  return `{${fields.map(([name, cell]) => `${name}: ${cell}`).join(', ')}}`;
}

/** Proleptic Gregorian, any year: JavaScript's Date ends at 275760, PostgreSQL and DuckDB go further. */
function isoDate(daysSinceEpoch: bigint): string {
  // H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
  const shifted = daysSinceEpoch + 719_468n;
  const era = (shifted >= 0n ? shifted : shifted - 146_096n) / 146_097n;
  const dayOfEra = shifted - era * 146_097n;
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n;
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const shiftedMonth = (5n * dayOfYear + 2n) / 153n;
  const day = dayOfYear - (153n * shiftedMonth + 2n) / 5n + 1n;
  const month = shiftedMonth < 10n ? shiftedMonth + 3n : shiftedMonth - 9n;
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n);
  return `${year}-${two(month)}-${two(day)}`;
}

function clock(nanoseconds: bigint): string {
  const seconds = nanoseconds / 1_000_000_000n;
  const fraction = (nanoseconds % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  const time = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  return fraction === '' ? time : `${time}.${fraction}`;
}

function two(value: bigint): string {
  return value.toString().padStart(2, '0');
}
