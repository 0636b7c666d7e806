import { loadTpch, tpchTableNames } from '@tributary/testbed';
import { Client } from 'pg';

/** The tables that lie in Parquet files when tables are mixed. */
export const lakeTables = ['orders', 'lineitem'] as const;

/** The schema in PostgreSQL that holds the other tables then. */
export const mixedSchema = 'mixed';

/** Loads TPC-H into `public` and, without the lake's tables, into `mixed`, unless it is there already. */
export async function loadSplits(url: string, scale: number): Promise<void> {
  if (!(await holds(url, 'public'))) await loadTpch(url, { scale });
  if (!(await holds(url, mixedSchema))) {
    const tables = tpchTableNames.filter((table) => lakeTables.every((lake) => lake !== table));
    await loadTpch(url, { scale, schema: mixedSchema, tables });
  }
}

/** The largest table that both have comes last but for those of the lake. */
async function holds(url: string, schema: string): Promise<boolean> {
  const client = new Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ readonly there: boolean }>(
      'SELECT to_regclass($1) IS NOT NULL AS there',
      [`${schema}.partsupp`],
    );
    return rows[0]?.there ?? false;
  } finally {
    await client.end();
  }
}
