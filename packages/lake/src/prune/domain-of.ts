import { sameType } from '@tributary/connector-sdk';
import type { RowGroup } from '../parquet/footer.js';
import { type LakeColumn, type TableFile, storedColumn } from '../table/lake-table.js';
import type { Domain } from './predicate.js';

/** What is known of a column in one file, or in one row group of it. */
export function domainOf(
  column: LakeColumn,
  file: TableFile,
  group: RowGroup | undefined,
): Domain | undefined {
  if (column.origin === 'partition') {
    const value = file.partition.get(column.name) ?? null;
    if (value === null) return { mayBeNull: true, mayHaveValue: false };
    return { min: value, max: value, mayBeNull: false, mayHaveValue: true };
  }
  const { description } = file;
  if (description === undefined || group === undefined) {
    const isAbsent =
      description?.details.kind === 'parquet' && storedColumn(description, column) === undefined;
    return isAbsent ? { mayBeNull: true, mayHaveValue: false } : loggedDomain(column, file);
  }
  const own = storedColumn(description, column);
  if (own === undefined) return { mayBeNull: true, mayHaveValue: false };
  if (own.type === undefined || own.type.id === 'unsupported') return undefined;
  if (column.retyped === true && !sameType(own.type, column.type)) return undefined;
  const { min, max, nulls } = group.columns.get(own.name)?.bounds ?? {};
  return {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    mayBeNull: nulls === undefined ? own.nullable : nulls > 0,
    mayHaveValue: nulls === undefined || nulls < group.rows,
  };
}

function loggedDomain(column: LakeColumn, { statistics }: TableFile): Domain | undefined {
  const known = statistics?.columns.get(column.name);
  if (statistics === undefined || known === undefined) return undefined;
  const { min, max, nulls } = known;
  return {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    mayBeNull: nulls === undefined || nulls > 0,
    mayHaveValue: nulls === undefined || nulls < statistics.rows,
  };
}
