import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type PlainDuckDB,
  type TpchTable,
  openPlainDuckDB,
  tpchParquet,
  tpchTables,
} from '@tributary/testbed';

/** TPC-H tables in the forms in which lakes have them: folders by a column's value, several files, a log. */
export class LakeTables implements AsyncDisposable {
  readonly #duckdb: PlainDuckDB;
  readonly #folder: string;

  private constructor(duckdb: PlainDuckDB, folder: string) {
    this.#duckdb = duckdb;
    this.#folder = folder;
  }

  /** @param folder that they are written to */
  static async open(folder: string): Promise<LakeTables> {
    const duckdb = await openPlainDuckDB(await tpchParquet(0.01));
    // Plans tell sizes: the same rows go to the same files every time.
    await duckdb.run('SET threads = 1');
    return new LakeTables(duckdb, folder);
  }

  /** `lineitem/l_returnflag=A/…`: the column is in the folders' names only. */
  async hive(table: TpchTable, column: string): Promise<void> {
    const target = join(this.#folder, table);
    await this.#duckdb.run(
      `COPY ${table} TO '${target}' (FORMAT parquet, PARTITION_BY (${column}), ROW_GROUP_SIZE 8192)`,
    );
  }

  /** `orders/0.parquet` and so on. */
  async files(table: TpchTable, count: number): Promise<void> {
    await mkdir(join(this.#folder, table), { recursive: true });
    for (let part = 0; part < count; part++) {
      await this.#copy(stretch(table, part, count), join(this.#folder, table, `${part}.parquet`));
    }
  }

  /** A Delta table of which the first version has a wrong file, which the second one replaces. */
  async delta(table: TpchTable): Promise<void> {
    const folder = join(this.#folder, table);
    const [key = ''] = tpchTables[table].primaryKey.split(', ');
    await mkdir(join(folder, '_delta_log'), { recursive: true });
    const add = async (path: string, rows: string): Promise<object> => {
      await this.#copy(rows, join(folder, path));
      const { size } = await stat(join(folder, path));
      const { rows: counted } = await this.#duckdb.query(
        `SELECT count(*), min(${key}), max(${key}) FROM (${rows})`,
      );
      const [numRecords, min, max] = (counted[0] ?? []).map(Number);
      const bounds = { nullCount: { [key]: 0 }, minValues: { [key]: min }, maxValues: { [key]: max } };
      const stats = JSON.stringify({ numRecords, ...bounds });
      return { add: { path, size, partitionValues: {}, modificationTime: 0, dataChange: true, stats } };
    };
    const halves = [0, 1].map((part) => stretch(table, part, 2));
    const wrong = `FROM ${table} LIMIT 100`;
    await this.#commit(folder, 0, [
      { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
      await this.#metaData(table),
      await add('first.parquet', halves[0] ?? ''),
      await add('wrong.parquet', wrong),
    ]);
    await this.#commit(folder, 1, [
      { remove: { path: 'wrong.parquet', deletionTimestamp: 0, dataChange: true } },
      await add('second.parquet', halves[1] ?? ''),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#duckdb[Symbol.asyncDispose]();
  }

  #copy(rows: string, path: string): Promise<void> {
    return this.#duckdb.run(`COPY (${rows}) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 8192)`);
  }

  #commit(folder: string, version: number, actions: readonly object[]): Promise<void> {
    const path = join(folder, '_delta_log', `${String(version).padStart(20, '0')}.json`);
    return writeFile(path, actions.map((action) => `${JSON.stringify(action)}\n`).join(''));
  }

  async #metaData(table: string): Promise<object> {
    const { columns } = await this.#duckdb.query(`FROM ${table} LIMIT 0`);
    const fields = columns.map(({ name, type }) => {
      return { name, type: deltaType(type), nullable: true, metadata: {} };
    });
    const schemaString = JSON.stringify({ type: 'struct', fields });
    const format = { provider: 'parquet', options: {} };
    return { metaData: { id: table, format, schemaString, partitionColumns: [], configuration: {} } };
  }
}

/** One of several parts of a table, by its primary key. */
function stretch(table: TpchTable, part: number, count: number): string {
  const key = tpchTables[table].primaryKey;
  return `SELECT * FROM ${table} QUALIFY ntile(${count}) OVER (ORDER BY ${key}) = ${part + 1} ORDER BY ${key}`;
}

/** The types that TPC-H has. */
function deltaType(type: string): string {
  switch (type) {
    case 'BIGINT':
      return 'long';
    case 'INTEGER':
      return 'integer';
    case 'VARCHAR':
      return 'string';
    case 'DATE':
      return 'date';
    default:
      return type.toLowerCase();
  }
}
