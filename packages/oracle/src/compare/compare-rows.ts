import type { Cell, Row } from './cell.js';

export interface CompareOptions {
  /** Rows must also come in the same order. Default false: they are compared as multisets. */
  readonly ordered?: boolean;
}

/**
 * Floats are equal within this relative difference: engines add them up in different orders. A sum that should
 * be 0 has no relative difference to speak of, so the same figure is an absolute bound below 1.
 */
export const floatTolerance = 1e-9;

const shownRows = 5;

/**
 * Compares two results.
 *
 * @returns `undefined` when they are equal, else a text for people that shows the first rows that differ
 */
export function compareRows(
  actual: readonly Row[],
  expected: readonly Row[],
  options: CompareOptions = {},
): string | undefined {
  return options.ordered === true ? compareOrdered(actual, expected) : compareMultisets(actual, expected);
}

function compareOrdered(actual: readonly Row[], expected: readonly Row[]): string | undefined {
  const length = Math.max(actual.length, expected.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [actual[index], expected[index]];
    if (left !== undefined && right !== undefined && sameRow(left, right)) continue;
    return [
      `${actual.length} rows, expected ${expected.length}; the first difference is row ${index + 1}:`,
      `  actual   ${show(left)}`,
      `  expected ${show(right)}`,
    ].join('\n');
  }
  return undefined;
}

function compareMultisets(actual: readonly Row[], expected: readonly Row[]): string | undefined {
  const floats = floatColumns(actual, expected);
  const pending = new Map<string, Row[]>();
  for (const row of sorted(expected)) {
    const key = exactPart(row, floats);
    const group = pending.get(key);
    if (group === undefined) pending.set(key, [row]);
    else group.push(row);
  }
  const surplus: Row[] = [];
  for (const row of sorted(actual)) {
    const group = pending.get(exactPart(row, floats)) ?? [];
    // Both sides are sorted, so the partner is nearly always the first.
    const partner = group.findIndex((candidate) => sameRow(row, candidate));
    if (partner === -1) surplus.push(row);
    else group.splice(partner, 1);
  }
  const missing = [...pending.values()].flat();
  if (surplus.length === 0 && missing.length === 0) return undefined;
  return [
    `${actual.length} rows, expected ${expected.length}`,
    ...listed('only in actual', surplus),
    ...listed('only in expected', missing),
  ].join('\n');
}

/** Columns in which a float stands on either side; a decimal there is compared as a float too. */
function floatColumns(...results: readonly (readonly Row[])[]): ReadonlySet<number> {
  const columns = new Set<number>();
  for (const rows of results) {
    for (const row of rows) {
      for (const [index, cell] of row.entries()) if (typeof cell === 'number') columns.add(index);
    }
  }
  return columns;
}

function exactPart(row: Row, floats: ReadonlySet<number>): string {
  return JSON.stringify([row.length, ...row.filter((_, index) => !floats.has(index))]);
}

function sorted(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((left, right) => {
    for (const [index, cell] of left.entries()) {
      const order = compareCells(cell, right[index] ?? '');
      if (order !== 0) return order;
    }
    return 0;
  });
}

function compareCells(left: Cell, right: Cell): number {
  if (left === right) return 0;
  if (typeof left === 'number' && typeof right === 'number') return left < right ? -1 : 1;
  return String(left) < String(right) ? -1 : 1;
}

function sameRow(left: Row, right: Row): boolean {
  return left.length === right.length && left.every((cell, index) => sameCell(cell, right[index]));
}

function sameCell(left: Cell, right: Cell | undefined): boolean {
  if (left === right) return true;
  if (typeof left === 'number' && typeof right === 'number') return closeTo(left, right);
  if (typeof left === 'number' && isDecimal(right)) return closeTo(left, Number(right));
  if (typeof right === 'number' && isDecimal(left)) return closeTo(Number(left), right);
  return false;
}

function isDecimal(cell: Cell | undefined): boolean {
  return typeof cell === 'string' && /^-?\d+(\.\d+)?$/.test(cell);
}

function closeTo(left: number, right: number): boolean {
  if (Object.is(left, right) || left === right) return true;
  const scale = Math.max(1, Math.abs(left), Math.abs(right));
  return Math.abs(left - right) <= floatTolerance * scale && Number.isFinite(scale);
}

function listed(title: string, rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return [];
  const more = rows.length > shownRows ? [`  and ${rows.length - shownRows} more`] : [];
  return [`${title} (${rows.length}):`, ...rows.slice(0, shownRows).map((row) => `  ${show(row)}`), ...more];
}

function show(row: Row | undefined): string {
  return row === undefined ? '(no row)' : row.join(' | ');
}
