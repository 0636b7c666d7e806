import { expect, test } from 'vitest';
import { type DataType, simpleType } from '@tributary/connector-sdk';
import type { DescribedFile, LakeColumn, LakeTable } from '../table/lake-table.js';
import { scanRelation } from './scan.js';

const struct = (...names: readonly string[]): DataType => ({
  id: 'struct',
  fields: names.map((name) => ({ name, type: simpleType('integer') })),
});

/** The scan of a file with one column of type `own`, which the table has as `column`. */
function scanOf(own: DataType, column: LakeColumn, expectedRows?: number): string {
  const file: DescribedFile = {
    file: { key: 'f', path: '/f.parquet', size: 1, etag: 'e', partition: new Map() },
    partition: new Map(),
    description: {
      columns: [{ name: column.name, type: own, nullable: true }],
      shape: '',
      estimatedRows: 1,
      details: {
        kind: 'parquet',
        footer: { rows: 1, columns: [], rowGroups: [], bytes: new Uint8Array() },
      },
    },
  };
  const table: LakeTable = {
    name: { name: 't' },
    location: '/',
    format: 'parquet',
    columns: [column],
    files: [file],
    version: '1',
  };
  return scanRelation(
    table,
    [{ kind: 'read', file, path: '/f.parquet' }],
    [{ ...column, id: 1 }],
    expectedRows,
  );
}

function columnOf(type: DataType, stored: DataType): LakeColumn {
  return {
    name: 's',
    type,
    nativeType: '',
    nullable: true,
    comparison: 'ordered',
    origin: 'file',
    stored: { name: 's', type: stored },
  };
}

test('a nested field that was dropped and added again under its name has no values in older files', () => {
  const sql = scanOf(struct('a', 'b'), columnOf(struct('a', 'b'), struct('a', 'col-2')));
  expect(sql).toContain(`"a" := struct_extract(f."s", 'a')`);
  expect(sql).toContain('"b" := NULL::INTEGER');
});

test('a column whose fields have their own names in files is read as it is', () => {
  expect(scanOf(struct('a', 'b'), columnOf(struct('a', 'b'), struct('a', 'b')))).toMatch(/^read_parquet\(/);
});

test('DuckDB is told how many rows the engine expects', () => {
  const type = struct('a');
  expect(scanOf(type, columnOf(type, type))).not.toContain('cardinality');
  expect(scanOf(type, columnOf(type, type), 7.4)).toContain('explicit_cardinality=7)');
  expect(scanOf(type, columnOf(type, type), 0.1)).toContain('explicit_cardinality=1)');
});
