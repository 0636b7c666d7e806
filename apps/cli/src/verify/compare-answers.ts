import type { OutputColumn } from '@tributary/core';
import type { ResultStream } from '../output/result-stream.js';
import { MultisetDigest, bucketOf } from './multiset-digest.js';
import { type RowText, rowReader, sameRow } from './row-keys.js';

/** Buckets whose rows are fetched again to be shown: some of very many differences are enough. */
const maxBuckets = 64;
const maxShown = 5;

/** Runs the statement once more and hands over its result; called twice for each side at most. */
export type Run = <T>(read: (result: ResultStream) => Promise<T>) => Promise<T>;

export interface Comparison {
  readonly columns: readonly OutputColumn[];
  readonly leftRows: number;
  readonly rightRows: number;
  readonly difference: Difference | undefined;
}

export interface Difference {
  /** Some of the rows that only one side has, as JSON cells. */
  readonly onlyLeft: readonly (readonly string[])[];
  readonly onlyRight: readonly (readonly string[])[];
}

/** Compares two answers as multisets, in memory that does not grow with them. */
export async function compareAnswers(left: Run, right: Run): Promise<Comparison> {
  const digest = new MultisetDigest();
  const { columns, rows: leftRows } = await left((result) => digestRows(result, digest, 1));
  const { rows: rightRows } = await right((result) => digestRows(result, digest, -1));
  const suspects = new Set(digest.differing().slice(0, maxBuckets));
  if (suspects.size === 0) return { columns, leftRows, rightRows, difference: undefined };
  const leftSuspects = await left((result) => rowsIn(result, suspects));
  const rightSuspects = await right((result) => rowsIn(result, suspects));
  const difference = unmatched(leftSuspects, rightSuspects, columns);
  const isRounding = difference.onlyLeft.length === 0 && difference.onlyRight.length === 0;
  return { columns, leftRows, rightRows, difference: isRounding ? undefined : difference };
}

async function digestRows(
  result: ResultStream,
  digest: MultisetDigest,
  sign: 1 | -1,
): Promise<{ readonly columns: readonly OutputColumn[]; readonly rows: number }> {
  const read = rowReader(result.columns);
  let rows = 0;
  for await (const batch of result) {
    for (let row = 0; row < batch.numRows; row += 1) digest.add(read(batch.data.children, row).key, sign);
    rows += batch.numRows;
  }
  return { columns: result.columns, rows };
}

async function rowsIn(result: ResultStream, buckets: ReadonlySet<number>): Promise<RowText[]> {
  const read = rowReader(result.columns);
  const kept: RowText[] = [];
  for await (const batch of result) {
    for (let row = 0; row < batch.numRows; row += 1) {
      const text = read(batch.data.children, row);
      if (buckets.has(bucketOf(text.key))) kept.push(text);
    }
  }
  return kept;
}

/** Takes equal rows out of both sides: by key first, then floats that rounding had driven apart. */
function unmatched(
  left: readonly RowText[],
  right: readonly RowText[],
  columns: readonly OutputColumn[],
): Difference {
  const remaining = new Map<string, RowText[]>();
  for (const row of right) remaining.set(row.key, [...(remaining.get(row.key) ?? []), row]);
  const onlyLeft = left.filter((row) => remaining.get(row.key)?.pop() === undefined);
  const onlyRight = [...remaining.values()].flat();
  const trulyLeft = onlyLeft.filter((row) => {
    const partner = onlyRight.findIndex((other) => sameRow(row, other, columns));
    if (partner >= 0) onlyRight.splice(partner, 1);
    return partner < 0;
  });
  return {
    onlyLeft: trulyLeft.slice(0, maxShown).map((row) => row.cells),
    onlyRight: onlyRight.slice(0, maxShown).map((row) => row.cells),
  };
}
