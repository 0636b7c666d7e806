import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type DataType, isInteger } from '@tributary/connector-sdk';

export interface WrittenColumn {
  readonly name: string;
  readonly type: DataType;
}

interface WrittenTable {
  readonly version: number;
  readonly columns: readonly WrittenColumn[];
  /** Paths of its files. */
  readonly files: readonly string[];
}

/** Files of a version: each has its own statistics, so that filters leave some of them out. */
const filesOfTable = 3;

/** Writes tables of a DuckDB as Delta tables: Parquet files and one JSON commit for each version. */
export class DeltaWriter {
  readonly #duckdb: DuckDBConnection;
  readonly #root: string;
  readonly #tables = new Map<string, WrittenTable>();

  constructor(duckdb: DuckDBConnection, root: string) {
    this.#duckdb = duckdb;
    this.#root = root;
  }

  /** The DuckDB table of that name as the next version. */
  async write(table: string, columns: readonly WrittenColumn[]): Promise<void> {
    const folder = join(this.#root, table);
    await mkdir(join(folder, '_delta_log'), { recursive: true });
    const before = this.#tables.get(table);
    const version = (before?.version ?? -1) + 1;
    const files = Array.from({ length: filesOfTable }, (_, part) => `v${version}-${part}.parquet`);
    const adds = await Promise.all(files.map((path, part) => this.#file(table, columns, path, part)));
    const actions = [
      ...(before === undefined ? [{ protocol }] : []),
      { metaData: metaData(table, columns) },
      ...(before?.files ?? []).map((path) => ({ remove: { path, dataChange: true } })),
      ...adds.map((add) => ({ add })),
    ];
    const commit = join(folder, '_delta_log', `${String(version).padStart(20, '0')}.json`);
    await writeFile(commit, actions.map((action) => `${JSON.stringify(action)}\n`).join(''));
    this.#tables.set(table, { version, columns, files });
  }

  /** A version without a column. */
  async dropColumn(table: string, column: string): Promise<void> {
    await this.#duckdb.run(
      `CREATE OR REPLACE TABLE "${table}" AS SELECT * EXCLUDE ("${column}") FROM "${table}"`,
    );
    const columns = this.#tables.get(table)?.columns ?? [];
    await this.write(
      table,
      columns.filter(({ name }) => name !== column),
    );
  }

  async #file(table: string, columns: readonly WrittenColumn[], path: string, part: number): Promise<object> {
    const list = columns.map(({ name, type }) =>
      isText(type) ? `"${name}"::VARCHAR AS "${name}"` : `"${name}"`,
    );
    const rows = `SELECT ${list.join(', ')} FROM "${table}"
      QUALIFY ntile(${filesOfTable}) OVER (ORDER BY id) = ${part + 1} ORDER BY id`;
    const target = join(this.#root, table, path);
    await this.#duckdb.run(`COPY (${rows}) TO '${target}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
    const { size } = await stat(target);
    const common = { partitionValues: {}, modificationTime: 0, dataChange: true };
    return { path, size, ...common, stats: await this.#statistics(rows, columns) };
  }

  async #statistics(rows: string, columns: readonly WrittenColumn[]): Promise<string> {
    const whole = columns.filter(({ type }) => isInteger(type));
    const items = [
      'count(*)',
      ...columns.map(({ name }) => `count(*) FILTER ("${name}" IS NULL)`),
      ...whole.flatMap(({ name }) => [`min("${name}")`, `max("${name}")`]),
    ];
    const reader = await this.#duckdb.runAndReadAll(
      `SELECT ${items.map((item) => `(${item})::VARCHAR`).join(', ')} FROM (${rows})`,
    );
    const [count = '0', ...values] = (reader.getRowsJson()[0] ?? []).map((value) =>
      value === null ? 'null' : String(value),
    );
    const bounds = values.slice(columns.length);
    // Put together as text: JSON.stringify would round 64-bit integers.
    const object = (entries: readonly (readonly [string, string | undefined])[]): string =>
      `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${value ?? 'null'}`).join(',')}}`;
    return object([
      ['numRecords', count],
      ['nullCount', object(columns.map(({ name }, index) => [name, values[index]]))],
      ['minValues', object(whole.map(({ name }, index) => [name, bounds[index * 2]]))],
      ['maxValues', object(whole.map(({ name }, index) => [name, bounds[index * 2 + 1]]))],
    ]);
  }
}

const protocol = {
  minReaderVersion: 3,
  minWriterVersion: 7,
  readerFeatures: ['timestampNtz'],
  writerFeatures: ['timestampNtz'],
};

function metaData(id: string, columns: readonly WrittenColumn[]): object {
  const fields = columns.map(({ name, type }) => ({
    name,
    type: deltaType(type),
    nullable: true,
    metadata: {},
  }));
  return {
    id,
    format: { provider: 'parquet', options: {} },
    schemaString: JSON.stringify({ type: 'struct', fields }),
    partitionColumns: [],
    configuration: {},
  };
}

/** Types that Delta has not, and holds as texts. */
function isText({ id }: DataType): boolean {
  return id === 'uuid' || id === 'json' || id === 'enum';
}

function deltaType(type: DataType): unknown {
  if (isText(type)) return 'string';
  switch (type.id) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'list':
      return { type: 'array', elementType: deltaType(type.element), containsNull: true };
    case 'map':
      return {
        type: 'map',
        keyType: deltaType(type.key),
        valueType: deltaType(type.value),
        valueContainsNull: true,
      };
    case 'struct':
      return {
        type: 'struct',
        fields: type.fields.map((field) => ({
          name: field.name,
          type: deltaType(field.type),
          nullable: true,
          metadata: {},
        })),
      };
    default: {
      const name = simpleNames.get(type.id);
      if (name === undefined) throw new RangeError(`Delta has no ${type.id}`);
      return name;
    }
  }
}

const simpleNames: ReadonlyMap<DataType['id'], string> = new Map([
  ['tinyint', 'byte'],
  ['smallint', 'short'],
  ['integer', 'integer'],
  ['bigint', 'long'],
  ['float', 'float'],
  ['double', 'double'],
  ['varchar', 'string'],
  ['blob', 'binary'],
  ['boolean', 'boolean'],
  ['date', 'date'],
  ['timestamp', 'timestamp_ntz'],
  ['timestamptz', 'timestamp'],
]);
