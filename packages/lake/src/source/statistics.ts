import type { ColumnStatistics, TableStatistics } from '@tributary/connector-sdk';
import { type Ordered, compareOrdered, toOrdered } from '../prune/ordered.js';
import { domainOf } from '../prune/domain-of.js';
import { distinctValues } from './distinct-values.js';
import { type LakeColumn, type LakeTable, liveRows, storedColumn } from '../table/lake-table.js';

/**
 * Figures from footers and partition folders; for text files, rows guessed from a sample.
 *
 * Bounds are those of the files as they are now, and not `exactBounds`: files come and go between the planner's look and
 * the run, which prunes by the bounds of its own moment.
 */
export function tableStatistics(seen: LakeTable): TableStatistics {
  const table = seen.sampled === true ? filledUp(seen) : seen;
  const counted = table.files.reduce((sum, file) => sum + (liveRows(file) ?? 0), 0);
  return {
    rows: seen.sampled === true ? likelyRows(seen) : counted,
    bytes: table.files.reduce((sum, { file }) => sum + file.size, 0),
    columns: new Map(table.columns.map((column) => [column.name, columnStatistics(column, table, counted)])),
    origin: table.format === 'parquet' && table.snapshot === undefined ? 'file-footer' : 'source',
  };
}

/** A sampled table as if each file that was not looked at were as the last one before it that was. */
function filledUp(table: LakeTable): LakeTable {
  let last = table.files.find(({ description }) => description !== undefined)?.description;
  const files = table.files.map((file) => {
    last = file.description ?? last;
    return last === undefined ? file : { ...file, description: last };
  });
  return { ...table, files };
}

/** As many rows to the byte as the files have that were looked at. */
function likelyRows({ files }: LakeTable): number {
  let [rows, bytes, all] = [0, 0, 0];
  for (const { file, description } of files) {
    all += file.size;
    if (description === undefined) continue;
    rows += description.estimatedRows;
    bytes += file.size;
  }
  return bytes === 0 ? 0 : Math.round((rows / bytes) * all);
}

/** A stretch of rows with what is known of one column in it. */
interface Stretch {
  readonly rows: number;
  readonly nulls: number | undefined;
  readonly min: Bound | undefined;
  readonly max: Bound | undefined;
  readonly bytes: number;
  readonly distinct?: number | undefined;
}

/** A bound as the literal text that it is told in, and as what it is compared by. */
interface Bound {
  readonly text: string;
  readonly value: Ordered;
}

function columnStatistics(column: LakeColumn, table: LakeTable, rows: number): ColumnStatistics {
  const bound = (text: string | undefined): Bound | undefined => {
    const value = text === undefined ? undefined : toOrdered(column.type, text);
    return text === undefined || value === undefined ? undefined : { text, value };
  };
  const stretches = table.files.flatMap((file): Stretch[] => {
    const { description } = file;
    if (column.origin === 'partition' || description?.details.kind !== 'parquet') {
      const rows = liveRows(file) ?? 0;
      const domain = domainOf(column, file, undefined);
      const logged = file.statistics?.columns.get(column.name)?.nulls;
      const nulls =
        domain === undefined
          ? undefined
          : domain.mayHaveValue
            ? column.origin === 'partition'
              ? 0
              : logged
            : rows;
      return [{ rows, nulls, min: bound(domain?.min), max: bound(domain?.max), bytes: 0 }];
    }
    const own = storedColumn(description, column)?.name ?? column.name;
    return description.details.footer.rowGroups.map((group) => {
      const domain = domainOf(column, file, group);
      const chunk = group.columns.get(own);
      const nulls = domain?.mayHaveValue === false ? group.rows : chunk?.bounds.nulls;
      return {
        rows: group.rows,
        nulls,
        min: bound(domain?.min),
        max: bound(domain?.max),
        bytes: chunk?.uncompressedBytes ?? 0,
        distinct: chunk?.distinct,
      };
    });
  });
  const counted = stretches.filter((stretch) => stretch.rows > 0);
  const nulls = counted.reduce<number | undefined>(
    (sum, stretch) => (sum === undefined || stretch.nulls === undefined ? undefined : sum + stretch.nulls),
    0,
  );
  const min = extreme(counted, 'min');
  const max = extreme(counted, 'max');
  const bytes = counted.reduce((sum, stretch) => sum + stretch.bytes, 0);
  const distinct =
    column.origin === 'partition' ? distinctPartitions(column, table) : distinctInFiles(counted);
  return {
    ...(nulls !== undefined && rows > 0 && { nullFraction: Math.min(nulls / rows, 1) }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(bytes > 0 && rows > 0 && { averageBytes: bytes / rows }),
    ...(distinct !== undefined && { distinct }),
  };
}

/** The bound over all stretches with values; undefined unless every one of them has it. */
function extreme(stretches: readonly Stretch[], which: 'min' | 'max'): string | undefined {
  let best: Bound | undefined;
  for (const stretch of stretches) {
    if (stretch.nulls === stretch.rows) continue;
    const bound = stretch[which];
    if (bound === undefined) return undefined;
    const order = best === undefined ? 0 : (compareOrdered(bound.value, best.value) ?? 0);
    if (best === undefined || (which === 'min' ? order < 0 : order > 0)) best = bound;
  }
  return best?.text;
}

function distinctInFiles(stretches: readonly Stretch[]): number | undefined {
  return distinctValues(
    stretches.map(({ rows, nulls = 0, distinct, min, max }) => ({
      values: rows - nulls,
      distinct,
      min: min?.value,
      max: max?.value,
    })),
  );
}

function distinctPartitions(column: LakeColumn, table: LakeTable): number {
  const values = new Set(table.files.map((file) => file.partition.get(column.name)));
  values.delete(null);
  return values.size;
}
