import { type DataType, simpleType, typeName } from '@tributary/connector-sdk';
import type { ReadFile } from '../source/file-access.js';
import type { LakeColumn, LakeTable } from '../table/lake-table.js';
import { filePath, name, text } from './text.js';

/**
 * A call of DuckDB's reader with everything said, so that it guesses nothing.
 *
 * @param fileName adds a column of this name with each row's file
 * @param rowNumbers adds `file_row_number`, the row's position in the file
 * @param expectedRows how many rows DuckDB is to think there are, by which it builds hash tables on one side or the other
 */
export function readerCall(
  table: LakeTable,
  files: readonly ReadFile[],
  wanted: readonly LakeColumn[],
  extra: {
    readonly fileName: string | undefined;
    readonly rowNumbers: boolean;
    readonly expectedRows: number | undefined;
  },
): string {
  const [first] = files;
  if (first === undefined) throw new RangeError('a reader without files');
  const { details, columns } = first.file.description;
  const paths = `[${files.map((file) => filePath(file.path)).join(', ')}]`;
  const common = [
    'hive_partitioning=false',
    ...(extra.fileName === undefined ? [] : [`filename=${text(extra.fileName)}`]),
  ];
  switch (details.kind) {
    case 'parquet':
      return `read_parquet(${[
        paths,
        ...common,
        ...(extra.rowNumbers ? ['file_row_number=true'] : []),
        ...(extra.expectedRows === undefined ? [] : [`explicit_cardinality=${extra.expectedRows}`]),
      ].join(', ')})`;
    case 'csv': {
      const { format } = details;
      const types = columns.map((column): readonly [string, DataType] => [
        column.name,
        simpleType('varchar'),
      ]);
      return `read_csv(${[
        paths,
        'auto_detect=false',
        `columns=${columnStruct(types)}`,
        `delim=${text(format.delimiter)}`,
        `header=${format.header}`,
        `quote=${text(format.quote)}`,
        `escape=${text(format.escape)}`,
        `nullstr=${text(format.nullString)}`,
        'allow_quoted_nulls=false',
        ...common,
      ].join(', ')})`;
    }
    case 'ndjson': {
      const read = wanted.filter((column) => column.origin === 'file');
      // count(*) reads no column, but the reader wants one.
      const some =
        read.length > 0 ? read : table.columns.filter((column) => column.origin === 'file').slice(0, 1);
      const types = some.map((column): readonly [string, DataType] => [
        column.name,
        readerColumn('ndjson', column.type),
      ]);
      return `read_json(${[
        paths,
        `format='newline_delimited'`,
        `columns=${columnStruct(types)}`,
        ...common,
      ].join(', ')})`;
    }
  }
}

/** The type that the reader is told: text wherever `checkedCast` looks at it first. */
export function readerColumn(kind: 'csv' | 'ndjson', type: DataType): DataType {
  const varchar = simpleType('varchar');
  if (kind === 'csv') return varchar;
  switch (type.id) {
    case 'json':
    case 'list':
    case 'struct':
    case 'map':
    case 'double':
    case 'boolean':
      return type;
    default:
      return varchar;
  }
}

function columnStruct(columns: readonly (readonly [string, DataType])[]): string {
  return `{${columns.map(([column, type]) => `${name(column)}: ${text(typeName(type))}`).join(', ')}}`;
}
