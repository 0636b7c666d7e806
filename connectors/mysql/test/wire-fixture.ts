import {
  ArrowSink,
  type ColumnSink,
  type MysqlColumn,
  ParquetSpoolWriter,
  spoolSelect,
} from '@tributary/columnar';
import { arrowRows, openPlainDuckDB, type Row, type TestServer } from '@tributary/testbed';
import mysql, { type Pool, type PoolConnection, type PoolOptions } from 'mysql2';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStatement, type WireConnections, type WireStatement } from '../src/wire/run-statement.js';

/** A pool of one connection, so that the next statement shows what state the last one has left it in. */
export class OneConnection implements WireConnections, AsyncDisposable {
  readonly #pool: Pool;
  readonly #killers: Pool;
  readonly killed: number[] = [];
  readonly broken: number[] = [];
  /** What mysql2 complains of, such as packets out of order. */
  readonly warnings: unknown[] = [];

  constructor(server: TestServer, options: PoolOptions = {}) {
    const { host, port, user, password, database } = server;
    const address = { host, port, user, password, database, timezone: 'Z', jsonStrings: true } as const;
    this.#pool = mysql.createPool({ ...address, connectionLimit: 1, ...options });
    this.#pool.on('connection', (connection) => {
      connection.on('warn', (warning) => this.warnings.push(warning));
    });
    this.#killers = mysql.createPool({ ...address, connectionLimit: 2 });
  }

  acquire(): Promise<PoolConnection> {
    const { promise, resolve, reject } = Promise.withResolvers<PoolConnection>();
    this.#pool.getConnection((error, connection) => (error === null ? resolve(connection) : reject(error)));
    return promise;
  }

  release(connection: PoolConnection, isBroken: boolean): void {
    if (isBroken) {
      this.broken.push(connection.threadId);
      connection.destroy();
    } else {
      connection.release();
    }
  }

  async kill(threadId: number): Promise<void> {
    this.killed.push(threadId);
    await this.#killers.promise().query(`KILL QUERY ${threadId}`);
  }

  /** What mysql2 itself reads in the binary protocol on the same connection, with nothing converted. */
  async rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    const exact = {
      rowsAsArray: true,
      dateStrings: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
    } as const;
    const [rows] = await this.#pool.promise().execute<mysql.RowDataPacket[][]>({ sql, ...exact });
    return rows;
  }

  /** The only cell of a statement's only row, as text. */
  async cell(sql: string): Promise<string> {
    const [[cell] = []] = await this.rows(sql);
    return String(cell);
  }

  async query(sql: string): Promise<void> {
    await this.#pool.promise().query(sql);
  }

  /** One of the session's counters. */
  async count(name: string): Promise<number> {
    const [rows] = await this.#pool
      .promise()
      .query<mysql.RowDataPacket[]>(`SHOW SESSION STATUS LIKE '${name}'`);
    return Number(rows[0]?.['Value']);
  }

  /** On another connection. */
  async aside(sql: string): Promise<readonly unknown[]> {
    const [rows] = await this.#killers.promise().query<mysql.RowDataPacket[]>(sql);
    return rows;
  }

  async threadId(): Promise<number> {
    const connection = await this.acquire();
    connection.release();
    return connection.threadId;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.promise().end();
    await this.#killers.promise().end();
  }
}

export type Read = Partial<WireStatement> & Pick<WireStatement, 'sql' | 'columns'>;

export function read(
  connections: WireConnections,
  sink: ColumnSink,
  statement: Read,
  signal = new AbortController().signal,
  onProgress: (rows: number, bytes: number) => void = () => undefined,
): Promise<void> {
  const whole = { sourceId: 'shop', object: 'shop.t', ...statement };
  return runStatement(connections, whole).read(sink, signal, onProgress);
}

export async function readArrow(connections: WireConnections, statement: Read): Promise<readonly Row[]> {
  const sink = new ArrowSink(statement.columns, { maxQueued: Number.POSITIVE_INFINITY });
  await read(connections, sink, statement);
  sink.end();
  return arrowRows(await Array.fromAsync(sink));
}

export async function readSpool(connections: WireConnections, statement: Read): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-mysql-'));
  try {
    const path = join(folder, 'spool.parquet');
    await using sink = await ParquetSpoolWriter.create({ path, columns: statement.columns });
    await read(connections, sink, statement);
    const file = await sink.finish();
    await using duckdb = await openPlainDuckDB();
    return (await duckdb.query(spoolSelect([file]))).rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A sink that takes everything and keeps nothing. */
export function emptySink(write: () => Promise<void> | undefined = () => undefined): ColumnSink {
  return { layout: 'arrow', maxRows: 1000, maxBytes: 1_000_000, write };
}

export const column = <Id extends Exclude<MysqlColumn['type']['id'], 'decimal' | 'list'>>(
  name: string,
  id: Id,
): { readonly name: string; readonly type: { readonly id: Id } } => ({ name, type: { id } });
