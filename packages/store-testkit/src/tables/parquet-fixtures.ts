import { type Fixtures, type KnownGap, sqlFixtures } from '@tributary/connector-testkit';
import { typeName } from '@tributary/connector-sdk';

/** The suite's tables, made in DuckDB and written as Parquet by whoever has the place for it. */
export function parquetFixtures(
  run: (sql: string) => Promise<void>,
  write: (table: string) => Promise<void>,
): Pick<Fixtures, 'load'> {
  const tables = sqlFixtures({
    run,
    typeName,
    literal: (value, type) => `CAST('${value.replaceAll("'", "''")}' AS ${typeName(type)})`,
  });
  return {
    load: async (fixtures) => {
      await tables.load(fixtures);
      for (const { name } of fixtures) await write(name);
    },
  };
}

/** What Parquet, as DuckDB writes it, has not. */
export const parquetGaps: readonly KnownGap[] = [
  {
    what: 'type',
    types: ['hugeint'],
    reason: 'Parquet has no integers of 128 bits; DuckDB writes them as doubles.',
  },
  {
    what: 'type',
    types: ['enum'],
    readAs: { id: 'varchar' },
    reason: 'Parquet has no enums; their values are text.',
  },
  {
    what: 'values',
    types: ['interval'],
    holds: (value) => value !== '30 days' && value !== '720:00:00',
    reason: "DuckDB's Parquet writer takes intervals that compare equal for the same.",
  },
];
