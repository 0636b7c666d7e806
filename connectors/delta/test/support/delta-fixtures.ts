import type { DuckDBConnection } from '@duckdb/node-api';
import { typeName } from '@tributary/connector-sdk';
import { type Fixtures, type KnownGap, sqlFixtures } from '@tributary/connector-testkit';
import type { DeltaWriter } from './delta-writer.js';

/**
 * The suite's tables, made in DuckDB and written as Delta tables.
 *
 * @param written what else happens to a table
 */
export function deltaFixtures(
  duckdb: DuckDBConnection,
  writer: DeltaWriter,
  written: (table: string) => Promise<void> = () => Promise.resolve(),
): Pick<Fixtures, 'load'> {
  const tables = sqlFixtures({
    run: (sql) => duckdb.run(sql),
    typeName,
    literal: (value, type) => `CAST('${value.replaceAll("'", "''")}' AS ${typeName(type)})`,
  });
  return {
    load: async (fixtures) => {
      await tables.load(fixtures);
      for (const { name, columns } of fixtures) {
        await writer.write(name, columns);
        await written(name);
      }
    },
  };
}

/** What Delta has not. */
export const deltaGaps: readonly KnownGap[] = [
  {
    what: 'type',
    types: ['hugeint', 'utinyint', 'usmallint', 'uinteger', 'ubigint', 'time', 'interval', 'timestamp_ns'],
    reason: 'Delta has no such types.',
  },
  {
    what: 'type',
    types: ['uuid', 'json', 'enum'],
    readAs: { id: 'varchar' },
    reason: 'Delta has no such types; their values are text.',
  },
];
