import { writeFile } from 'node:fs/promises';

import { ByteWriter } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { typeName } from '@tributary/connector-sdk';
import { LakeFixture, call } from './lake-fixture.js';

let lake: LakeFixture;
beforeAll(async () => {
  lake = await LakeFixture.create();
});
afterAll(() => lake[Symbol.asyncDispose]());

type SchemaElement = Parameters<typeof writeMetadata>[1]['schema'][number];
type Leaf = Omit<SchemaElement, 'name' | 'repetition_type'>;

const physical = ['BOOLEAN', 'INT32', 'INT64', 'INT96', 'FLOAT', 'DOUBLE', 'BYTE_ARRAY'] as const;
const converted = [
  'UTF8',
  'ENUM',
  'DECIMAL',
  'DATE',
  'TIME_MILLIS',
  'TIME_MICROS',
  'TIMESTAMP_MILLIS',
  'TIMESTAMP_MICROS',
  'UINT_8',
  'UINT_16',
  'UINT_32',
  'UINT_64',
  'INT_8',
  'INT_16',
  'INT_32',
  'INT_64',
  'JSON',
  'BSON',
  'INTERVAL',
] as const;
const logical = [
  'STRING',
  'ENUM',
  'DATE',
  'JSON',
  'BSON',
  'UUID',
  'FLOAT16',
  'NULL',
  'VARIANT',
  'GEOMETRY',
  'GEOGRAPHY',
] as const;

function fixed(length: number): Leaf {
  return { type: 'FIXED_LEN_BYTE_ARRAY', type_length: length };
}

function leaves(): readonly Leaf[] {
  const stored: Leaf[] = [...physical.map((type) => ({ type })), ...[2, 7, 12, 16].map(fixed)];
  const decimals = [
    [5, 2],
    [9, 9],
    [18, 0],
    [38, 10],
    [40, 2],
  ] as const;
  const timed = (['MILLIS', 'MICROS', 'NANOS'] as const).flatMap((unit) =>
    [true, false].flatMap((isAdjustedToUTC) =>
      (['TIME', 'TIMESTAMP'] as const).map((type) => ({ type, unit, isAdjustedToUTC })),
    ),
  );
  return [
    ...stored,
    ...stored.flatMap((leaf) =>
      converted
        .filter((type) => type !== 'DECIMAL')
        .filter((type) => isSane(leaf, type))
        .map((converted_type): Leaf => ({ ...leaf, converted_type })),
    ),
    ...stored
      .filter(({ type }) => type === 'INT32' || type === 'INT64' || type?.endsWith('BYTE_ARRAY'))
      .flatMap((leaf) =>
        decimals
          // DuckDB looks at how many digits fit the bytes only when it reads them.
          .filter(([precision]) => leaf.type_length === undefined || precision <= leaf.type_length * 2)
          .map(([precision, scale]): Leaf => ({ ...leaf, converted_type: 'DECIMAL', precision, scale })),
      ),
    ...stored.flatMap((leaf) =>
      logical.filter((type) => type !== 'VARIANT').map((type): Leaf => ({ ...leaf, logical_type: { type } })),
    ),
    ...(['INT32', 'INT64'] as const).flatMap((type) =>
      timed.map((logical_type): Leaf => ({ type, logical_type })),
    ),
  ];
}

/** Annotations on types that no writer would put them on are left to DuckDB's own error. */
function isSane(leaf: Leaf, type: (typeof converted)[number]): boolean {
  const isBytes = leaf.type === 'BYTE_ARRAY' || leaf.type === 'FIXED_LEN_BYTE_ARRAY';
  const forBytes = ['UTF8', 'ENUM', 'JSON', 'BSON', 'INTERVAL'].includes(type);
  return isBytes === forBytes && (isBytes || leaf.type === 'INT32' || leaf.type === 'INT64');
}

const group = (name: string, num_children: number, more: Partial<SchemaElement> = {}): SchemaElement => ({
  name,
  num_children,
  repetition_type: 'OPTIONAL',
  ...more,
});
const int = (name: string, more: Partial<SchemaElement> = {}): SchemaElement => ({
  name,
  type: 'INT32',
  repetition_type: 'OPTIONAL',
  ...more,
});
const repeated = { repetition_type: 'REPEATED' } as const;

const nested: Readonly<Record<string, readonly SchemaElement[]>> = {
  'a list': [group('c', 1, { converted_type: 'LIST' }), group('list', 1, repeated), int('element')],
  'a list of two levels': [group('c', 1, { converted_type: 'LIST' }), int('array', repeated)],
  'a list by logical type only': [
    group('c', 1, { logical_type: { type: 'LIST' } }),
    group('list', 1, repeated),
    int('element'),
  ],
  'a repeated number': [int('c', repeated)],
  'a repeated group': [group('c', 2, repeated), int('a'), int('b')],
  'a list of structs of two levels': [
    group('c', 1, { converted_type: 'LIST' }),
    group('array', 2, repeated),
    int('a'),
    int('b'),
  ],
  'a list of one-field structs': [
    group('c', 1, { converted_type: 'LIST' }),
    group('c_tuple', 1, repeated),
    int('a'),
  ],
  'a list of lists': [
    group('c', 1, { converted_type: 'LIST' }),
    group('list', 1, repeated),
    group('element', 1, { converted_type: 'LIST' }),
    group('list', 1, repeated),
    int('element'),
  ],
  'a struct with odd names': [group('c', 3), int('a b'), int('quote " it'), int("it's")],
  'a struct of one field': [group('c', 1), int('a')],
  'a map': [
    group('c', 1, { converted_type: 'MAP' }),
    group('key_value', 2, repeated),
    int('key', { repetition_type: 'REQUIRED' }),
    int('value'),
  ],
  'a map of old': [
    group('c', 1, { converted_type: 'MAP' }),
    group('map', 2, { ...repeated, converted_type: 'MAP_KEY_VALUE' }),
    int('key', { repetition_type: 'REQUIRED' }),
    int('value'),
  ],
  'a map by logical type only': [
    group('c', 1, { logical_type: { type: 'MAP' } }),
    group('key_value', 2, repeated),
    int('key'),
    int('value'),
  ],
  'a map without values': [
    group('c', 1, { converted_type: 'MAP' }),
    group('key_value', 1, repeated),
    int('key'),
  ],
  'a map that is not repeated': [
    group('c', 1, { converted_type: 'MAP_KEY_VALUE' }),
    group('map', 2, repeated),
    int('key'),
    int('value'),
  ],
};

let files = 0;

/** A file of no rows: its footer alone decides how it is typed. */
async function writeSchema(columns: readonly SchemaElement[], count = 1): Promise<string> {
  const writer = new ByteWriter();
  writer.appendUint32(0x31524150);
  const root: SchemaElement = { name: 'root', num_children: count };
  const metadata = {
    version: 2,
    schema: [root, ...columns],
    num_rows: 0n,
    row_groups: [],
    metadata_length: 0,
  };
  writeMetadata(writer, metadata);
  writer.appendUint32(0x31524150);
  const name = `t${files++}`;
  await writeFile(lake.path(`${name}.parquet`), Buffer.from(writer.getBytes()));
  return name;
}

async function compareWithDuckdb(columns: readonly SchemaElement[], count = 1): Promise<void> {
  const table = await writeSchema(columns, count);
  const expected = await lake
    .rows(`DESCRIBE SELECT * FROM read_parquet('${lake.path(`${table}.parquet`)}')`)
    .then((rows) => Promise.all(rows.map(async ([name, type]) => [name, await canonical(String(type))])))
    .catch(() => 'refused');
  const actual = await lake
    .source()
    .describeTable([table], call)
    .then((schema) =>
      Promise.all(
        (schema?.columns ?? []).map(async (column) => {
          const type = column.note === 'delivered as text' ? column.nativeType : typeName(column.type);
          return [column.name, await canonical(type)];
        }),
      ),
    )
    .catch(() => 'refused');
  expect(actual).toEqual(expected);
}

/** Two spellings of one type become one: DuckDB leaves out quotes that a field's name does not need. */
async function canonical(type: string): Promise<unknown> {
  const [row] = await lake.rows(`SELECT typeof(NULL::${type})`);
  return row?.[0];
}

describe('a Parquet column has the type that DuckDB gives it', () => {
  test('for every primitive type and annotation', async () => {
    const all = leaves();
    expect(all.length).toBeGreaterThan(150);
    for (const leaf of all) {
      await compareWithDuckdb([{ name: 'c', repetition_type: 'OPTIONAL', ...leaf }]);
    }
  });

  test.each(Object.entries(nested))('%s', async (_name, columns) => {
    await compareWithDuckdb(columns);
  });

  test('names that differ only by case, or are empty', async () => {
    const names = ['a', 'A', 'a_1', 'a', '', 'ä', 'Ä', 'x y', 'q"q', "it's", ' '];
    await compareWithDuckdb(
      names.map((name) => int(name)),
      names.length,
    );
  });

  test('a file without columns is refused', async () => {
    await compareWithDuckdb([], 0);
  });
});
