import { isFloat } from '@tributary/contract';
import type { OutputColumn } from '@tributary/core';
import type { Data } from 'apache-arrow';
import { columnFormat } from '../output/column-format.js';
import { jsonCell } from '../output/format-nested.js';

/** Floats count as equal when they agree to this many digits: engines add in different orders. */
const floatDigits = 10;

export interface RowText {
  /** The row as text, floats rounded: equal rows have equal keys, save at a rounding boundary. */
  readonly key: string;
  /** The cells as JSON. */
  readonly cells: readonly string[];
}

/** Reads rows of a result of these columns as comparable text. */
export function rowReader(columns: readonly OutputColumn[]): (data: readonly Data[], row: number) => RowText {
  const formats = columns.map(({ type }) => ({ format: columnFormat(type), rounded: isFloat(type) }));
  return (data, row) => {
    const cells: string[] = [];
    const parts: string[] = [];
    for (const [index, column] of data.entries()) {
      const entry = formats[index];
      if (entry === undefined) continue;
      const cell = jsonCell(entry.format, column, row);
      cells.push(cell);
      parts.push(entry.rounded ? roundedText(cell) : cell);
    }
    return { key: parts.join('\u001F'), cells };
  };
}

/** Whether two rows of these columns are equal, floats within a relative 1e-9. */
export function sameRow(a: RowText, b: RowText, columns: readonly OutputColumn[]): boolean {
  return columns.every(({ type }, index) => {
    const left = a.cells[index];
    const right = b.cells[index];
    return left === right || (isFloat(type) && closeNumbers(Number(left), Number(right)));
  });
}

function closeNumbers(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

function roundedText(cell: string): string {
  const value = Number(cell);
  if (cell === 'null' || Number.isNaN(value)) return cell;
  return value === 0 ? '0' : value.toPrecision(floatDigits);
}
