import { type DataType, TributaryError, sameType, simpleType, typeName } from '@tributary/connector-sdk';
import type { DataFile } from '../files/data-file.js';
import { corruptFile } from '../files/file-error.js';
import { commonTextType } from '../text/infer.js';
import type { TableDefinition } from './definition.js';
import { dottedName } from './table-name.js';
import { type FileColumn, type FileDescription, type LakeColumn, findColumn } from './lake-table.js';
import type { PartitionColumn } from './partitions.js';
import { widen } from './widen.js';
import { foldCase } from './names.js';

interface Sample {
  readonly file: DataFile;
  readonly description: FileDescription;
}

/** One column as the files so far agree on it. */
interface Merged {
  readonly name: string;
  readonly type: FileColumn['type'];
  readonly nullable: boolean;
  /** Files that have it, and the first of them. */
  readonly files: number;
  readonly first: DataFile;
}

/**
 * The union of the files' columns by name (without regard to case, as SQL names are), in order of first appearance.
 *
 * @throws TributaryError SOURCE.CORRUPT_DATA when two files give a column types that no one type holds.
 */
export function fileColumns(
  files: readonly Sample[],
  definition: TableDefinition,
  partitions: readonly PartitionColumn[],
  sourceId: string,
): readonly LakeColumn[] {
  const taken = new Set(partitions.map(({ column }) => foldCase(column.name)));
  const merged = new Map<string, Merged>();
  for (const { file, description } of files) {
    for (const column of description.columns) {
      const key = foldCase(column.name);
      if (taken.has(key)) continue;
      const before = merged.get(key);
      merged.set(key, {
        name: before?.name ?? column.name,
        type:
          before === undefined
            ? column.type
            : merge(before, column, { file, description }, definition, sourceId),
        nullable: column.nullable || before?.nullable === true,
        files: (before?.files ?? 0) + 1,
        first: before?.first ?? file,
      });
    }
  }
  return [...merged].map(([key, column]) => {
    const wanted = definition.types.get(key);
    return lakeColumn({ ...column, nullable: column.nullable || column.files < files.length }, wanted);
  });
}

/** Whether every column of a file has a place in a table that was made without a look at it. */
export function coversFile(table: readonly LakeColumn[], { columns }: FileDescription): boolean {
  return columns.every(({ name, type }) => {
    const column = findColumn(table, name);
    if (column === undefined) return false;
    if (type === undefined || column.retyped === true || column.origin === 'partition') return true;
    if (type.id === 'unsupported') return column.nativeType === nameOf(type);
    const common = widen(column.type, type);
    return common !== undefined && sameType(common, column.type);
  });
}

function merge(
  before: Merged,
  column: FileColumn,
  { file, description }: Sample,
  definition: TableDefinition,
  sourceId: string,
): FileColumn['type'] {
  if (description.details.kind === 'ndjson' && before.name !== column.name) {
    throw corruptFile(
      file.path,
      `its key "${column.name}" is "${before.name}" in ${before.first.path}, and columns know no case`,
      sourceId,
    );
  }
  if (before.type === undefined || definition.types.has(foldCase(column.name))) return column.type;
  if (column.type === undefined) return before.type;
  if (description.details.kind !== 'parquet') return commonTextType(before.type, column.type);
  if (before.type.id === 'unsupported' || column.type.id === 'unsupported') {
    if (before.type.id === column.type.id) return before.type;
  } else {
    const common = widen(before.type, column.type);
    if (common !== undefined) return common;
  }
  throw new TributaryError('SOURCE.CORRUPT_DATA', {
    message:
      `Column "${before.name}" of table ${dottedName(definition)} is ${nameOf(before.type)} in ${before.first.path} ` +
      `and ${nameOf(column.type)} in ${file.path}.`,
    fix: `Rewrite one of the files, or give the column a type under tables.${definition.name}.columns.`,
    sourceId,
    object: file.path,
  });
}

function lakeColumn(column: Merged, wanted: DataType | undefined): LakeColumn {
  const common = {
    name: column.name,
    nullable: column.nullable,
    comparison: 'ordered',
    origin: 'file',
  } as const;
  const nativeType = nameOf(column.type);
  if (wanted !== undefined)
    return { ...common, type: wanted, nativeType, note: `read as ${typeName(wanted)}`, retyped: true };
  if (column.type === undefined) {
    return { ...common, type: simpleType('varchar'), nativeType, note: 'only NULLs in the sample' };
  }
  if (column.type.id === 'unsupported') {
    return { ...common, type: simpleType('varchar'), nativeType, note: 'delivered as text' };
  }
  return { ...common, type: column.type, nativeType };
}

function nameOf(type: FileColumn['type']): string {
  if (type === undefined) return 'unknown';
  return type.id === 'unsupported' ? type.duckdbName : typeName(type);
}
