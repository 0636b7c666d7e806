import { TributaryError, typeName } from '@tributary/connector-sdk';
import type { DataFile } from '../files/data-file.js';
import { partitionType } from '../files/hive.js';
import type { TableDefinition } from './definition.js';
import { dottedName } from './table-name.js';
import type { LakeColumn } from './lake-table.js';
import { foldCase } from './names.js';

export interface PartitionColumn {
  readonly key: string;
  readonly column: LakeColumn;
}

/** @throws TributaryError CONFIG.INVALID when the files do not all lie in folders of the same keys. */
export function partitionColumns(
  files: readonly DataFile[],
  definition: TableDefinition,
  sourceId: string,
): readonly PartitionColumn[] {
  const [first] = files;
  if (first === undefined) return [];
  const keys = [...first.partition.keys()];
  const odd = files.find(
    ({ partition }) => partition.size !== keys.length || keys.some((key) => !partition.has(key)),
  );
  if (odd !== undefined) {
    throw new TributaryError('CONFIG.INVALID', {
      message:
        `The files of table ${dottedName(definition)} are partitioned by different keys: ` +
        `${first.path} by ${list(keys)}, ${odd.path} by ${list([...odd.partition.keys()])}.`,
      fix: 'Move the files into one layout, declare the table with a narrower path, or set hive: false.',
      sourceId,
      object: dottedName(definition),
    });
  }
  return keys.map((key) => {
    const values = files.map(({ partition }) => partition.get(key) ?? null);
    const type = definition.types.get(foldCase(key)) ?? partitionType(values);
    return {
      key,
      column: {
        name: key,
        type,
        nativeType: `partition folder, ${typeName(type)}`,
        nullable: values.includes(null),
        comparison: 'ordered',
        origin: 'partition',
      },
    };
  });
}

/** The file's partition values in literal text, by column name. */
export function partitionValues(
  file: DataFile,
  partitions: readonly PartitionColumn[],
): ReadonlyMap<string, string | null> {
  return new Map(
    partitions.map(({ key, column }) => {
      const value = file.partition.get(key) ?? null;
      const isPlainInteger = value !== null && column.type.id === 'bigint' && /^-?\d{1,18}$/.test(value);
      return [column.name, isPlainInteger ? BigInt(value).toString() : value];
    }),
  );
}

function list(keys: readonly string[]): string {
  return keys.length === 0 ? 'none' : keys.join(', ');
}
