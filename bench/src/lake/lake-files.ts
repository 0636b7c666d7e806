import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckdbPeer } from '../peers/duckdb-peer.js';
import type { LakeTableName } from './lake-queries.js';

/** TPC-H's two large tables as generated, and each once more in Hive's folders. */
export interface LakeFiles {
  readonly root: string;
  /** Paths below the root, `/` between folders. */
  readonly paths: readonly string[];
}

/** What DuckDB's read_parquet reads as the table, below any root. */
export const lakePatterns: Readonly<Record<LakeTableName, string>> = {
  lineitem: 'lineitem.parquet',
  orders: 'orders.parquet',
  lineitem_by_month: 'lineitem_by_month/*/*/*.parquet',
  orders_by_year: 'orders_by_year/*/*.parquet',
};

/** @param parquet folder of TPC-H's Parquet files */
export async function makeLakeFiles(parquet: string, root: string): Promise<LakeFiles> {
  await mkdir(root);
  for (const table of ['lineitem', 'orders']) {
    await symlink(join(parquet, `${table}.parquet`), join(root, `${table}.parquet`));
  }
  await using duckdb = await DuckdbPeer.inMemory();
  const partitioned = (table: string, keys: readonly (readonly [name: string, sql: string])[], to: string) =>
    duckdb.run(
      `COPY (SELECT *, ${keys.map(([name, sql]) => `${sql} AS ${name}`).join(', ')} FROM '${join(root, table)}.parquet')
        TO '${join(root, to)}' (FORMAT parquet, PARTITION_BY (${keys.map(([name]) => name).join(', ')}))`,
    );
  await partitioned(
    'lineitem',
    [
      ['l_shipyear', 'year(l_shipdate)'],
      ['l_shipmonth', 'month(l_shipdate)'],
    ],
    'lineitem_by_month',
  );
  await partitioned('orders', [['o_orderyear', 'year(o_orderdate)']], 'orders_by_year');
  const entries = await readdir(root, { recursive: true });
  return { root, paths: entries.filter((path) => path.endsWith('.parquet')).toSorted() };
}

/** The query's text for DuckDB alone. Not views: making these would read footers before anything is measured. */
export function sqlOver(root: string, sql: string): string {
  return sql.replaceAll(/\b(FROM|JOIN) (\w+)/g, (whole, keyword: string, table: string) =>
    isLakeTable(table) ? `${keyword} read_parquet('${root}/${lakePatterns[table]}')` : whole,
  );
}

function isLakeTable(table: string): table is LakeTableName {
  return table in lakePatterns;
}
