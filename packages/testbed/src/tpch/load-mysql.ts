import { createReadStream, type ReadStream } from 'node:fs';
import { createConnection, type Connection } from 'mysql2/promise';
import { eachTableAsCsv } from './csv.js';
import { tpchTables, type TpchTable } from './tables.js';
import type { TpchLoad } from './tpch-load.js';

export async function loadIntoMysql({ url, parquet, tables, schema }: TpchLoad): Promise<void> {
  const connection = await createConnection({ uri: url.href, infileStreamFactory: openFile });
  try {
    if (schema !== undefined) {
      await connection.query('CREATE DATABASE IF NOT EXISTS ??', [schema]);
      await connection.query('USE ??', [schema]);
    }
    // Rows come in the order of the primary key and are right: checking each would double the time.
    await connection.query('SET unique_checks = 0');
    await eachTableAsCsv(parquet, tables, (table, csv) => loadTable(connection, table, csv));
  } finally {
    await connection.end();
  }
}

/** A chunk becomes a packet: it stays below the smallest `max_allowed_packet` that a test may set. */
function openFile(path: string): ReadStream {
  return createReadStream(path, { highWaterMark: 1 << 18 });
}

async function loadTable(connection: Connection, table: TpchTable, csv: string): Promise<void> {
  const { columns, primaryKey, indexes } = tpchTables[table];
  await connection.query(`CREATE TABLE ${table} (${columns}, PRIMARY KEY (${primaryKey}))`);
  await connection.query(
    `LOAD DATA LOCAL INFILE ? INTO TABLE ${table} CHARACTER SET utf8mb4
      FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' ESCAPED BY ''`,
    [csv],
  );
  // All indexes in one statement: the table is read once for them.
  const added = indexes.map((index) => `ADD INDEX (${index})`);
  if (added.length > 0) await connection.query(`ALTER TABLE ${table} ${added.join(', ')}`);
  await connection.query(`ANALYZE TABLE ${table}`);
}
