import type { DataType } from '@tributary/connector-sdk';
import type { FileStatistics } from '@tributary/lake';
import type { AddFile } from '../log/actions.js';
import { type Fields, fieldsOf, isFields, parseExact } from '../log/json.js';
import type { DeltaColumn } from './delta-schema.js';

/** Characters at which writers cut texts off: a maximum of that length may be less than the values it stands for. */
const textCutLength = 32;

/** Digits that a double holds exactly: some writers put decimals through one. */
const exactDecimalDigits = 15;

/** Before this day Spark's old calendar has other dates for the same values. */
const firstSafeDay = '1582-10-15';

/** What the log says of a file's rows, as far as it can be trusted; undefined where it says nothing. */
export function fileStatistics(
  { stats }: AddFile,
  columns: readonly DeltaColumn[],
): FileStatistics | undefined {
  const given = typeof stats === 'string' ? parsedStats(stats) : stats;
  const rows = wholeNumber(given?.['numRecords']);
  if (given === undefined || rows === undefined) return undefined;
  // With wide bounds, deleted rows may be counted: only "none" and "all" are certain then.
  const isTight = given['tightBounds'] !== false;
  const nulls = fieldsOf(given['nullCount']) ?? {};
  const mins = fieldsOf(given['minValues']) ?? {};
  const maxes = fieldsOf(given['maxValues']) ?? {};
  return {
    rows,
    ...(isTight && { tight: true }),
    columns: new Map(
      columns
        .filter(({ isPartition }) => !isPartition)
        .map((column) => {
          const counted = wholeNumber(nulls[column.physicalName]);
          const isCertain = isTight || counted === 0 || counted === rows;
          const min = bound(mins[column.physicalName], column, 'min');
          const max = bound(maxes[column.physicalName], column, 'max');
          return [
            column.name,
            {
              ...(min !== undefined && { min }),
              ...(max !== undefined && { max }),
              ...(counted !== undefined && isCertain && { nulls: counted }),
            },
          ];
        }),
    ),
  };
}

function parsedStats(stats: string): Fields | undefined {
  try {
    const parsed = parseExact(stats);
    return isFields(parsed) ? parsed : undefined;
  } catch {
    // Statistics are optional: a file without them is read.
    return undefined;
  }
}

function wholeNumber(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** A bound in literal text that every value lies within, or undefined. */
function bound(value: unknown, { type, wasFloat }: DeltaColumn, side: 'min' | 'max'): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const text = String(value);
  switch (type.id) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return /^-?\d+$/.test(text) ? text : undefined;
    case 'decimal':
      return decimalBound(text, type);
    case 'float':
    case 'double':
      // NaN is above everything, and no writer counts it in; a float's shortest text is not its value as a double.
      return side === 'min' && !wasFloat && /^-?\d/.test(text) ? text : undefined;
    case 'varchar':
      return textBound(text, side);
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(text) && text >= firstSafeDay ? text : undefined;
    case 'timestamp':
      return timeBound(text, '', side);
    case 'timestamptz':
      return timeBound(text, '+00', side);
    default:
      return undefined;
  }
}

function decimalBound(text: string, type: DataType & { readonly id: 'decimal' }): string | undefined {
  if (!/^-?\d+(\.\d+)?$/.test(text) || type.precision > exactDecimalDigits) return undefined;
  const [, fraction = ''] = text.split('.');
  return fraction.length <= type.scale ? text : undefined;
}

/** Texts are cut off; a cut maximum ends in a character that is meant to be above all others, and in UTF-8 is not always. */
function textBound(text: string, side: 'min' | 'max'): string | undefined {
  // U+FFFD stands for bytes that were no text, or not all of a character's: what was there may be less or more.
  if (!text.isWellFormed() || text.includes('\u{FFFD}')) return undefined;
  if (side === 'min') return text;
  return text.length >= textCutLength || /[\u{10FFFF}\u{7F}]$/u.test(text) ? undefined : text;
}

/** Times are cut to milliseconds, whatever digits follow: checkpoints have microseconds, of what JSON had cut. */
function timeBound(text: string, zone: '' | '+00', side: 'min' | 'max'): string | undefined {
  const parts =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,6})\d*)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  if (parts === null) return undefined;
  const [, day = '', clock = '00:00:00', fraction = '', offset = 'Z'] = parts;
  if (day < firstSafeDay || (zone === '' && offset !== 'Z')) return undefined;
  const time = Date.parse(`${day}T${clock}${offset}`);
  if (Number.isNaN(time)) return undefined;
  const seconds = new Date(time).toISOString().slice(0, 19).replace('T', ' ');
  const micros = side === 'min' ? fraction.padEnd(6, '0') : `${fraction.slice(0, 3).padEnd(3, '0')}999`;
  return `${seconds}.${micros}${zone}`;
}
