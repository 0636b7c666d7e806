import type { DataType, TypeId } from '@tributary/connector-sdk';
import type { AdaptedColumn } from '../fixtures/adapt-column.js';
import { rareColumns } from '../fixtures/rare-columns.js';
import { duckdbConstant, hostileColumns, quoteText } from '../generate/hostile-columns.js';
import { sameEverywhere } from '../run/compare-with-oracle.js';
import { inParallel } from '../run/in-parallel.js';
import type { Check } from '../suite/check.js';
import { quoteName } from '../world/sql-name.js';
import type { World } from '../world/world.js';

const typeIds: readonly TypeId[] = [
  ...new Set([...hostileColumns, ...rareColumns].map(({ type }: { readonly type: DataType }) => type.id)),
];

/** Patterns in which wildcards, escapes and letters of several bytes matter. */
const patterns = [
  'a%',
  '%b',
  '_',
  '%',
  '',
  String.raw`a\_b`,
  String.raw`%\%%`,
  '😀_',
  '%A%',
  'y _',
  'e_',
  '%é%',
];

export const typeChecks: readonly Check[] = [
  ...typeIds.flatMap((type): readonly Check[] => [
    {
      id: `types.${type}`,
      type,
      title: `${type}: every value comes back as it went in`,
      run: (world) => forColumns(world, type, readBack),
    },
    {
      id: `types.${type}-predicate`,
      type,
      title: `${type}: every value is found by a predicate, and no other`,
      run: (world) => forColumns(world, type, findAgain),
    },
  ]),
  {
    id: 'types.like',
    type: 'varchar',
    title: 'LIKE: wildcards and escapes match what they match in DuckDB',
    run: (world) =>
      inParallel(patterns, (pattern) =>
        matchPattern(world, `LIKE ${quoteText(pattern)}`, `LIKE ${quoteText(pattern)} ESCAPE '\\'`),
      ),
  },
];

async function forColumns(
  world: World,
  type: TypeId,
  check: (world: World, column: AdaptedColumn) => Promise<void>,
): Promise<void> {
  for (const column of world.tables.types.columns) {
    if (column.type.id === type && column.name !== 'id') await check(world, column);
  }
}

async function readBack(world: World, { name }: AdaptedColumn): Promise<void> {
  const table = world.tested('types');
  const column = quoteName(name);
  // The rows stream to the caller, and with pushdown off they go through the engine's spool.
  await sameEverywhere(world, { sql: `SELECT id, ${column} FROM ${table}` });
}

async function findAgain(world: World, { name, readAs, values }: AdaptedColumn): Promise<void> {
  const table = world.tested('types');
  const column = quoteName(name);
  const constants = values.map((value) => duckdbConstant(readAs, value));
  const conditions = [
    `${column} IS NULL`,
    `${column} IS NOT NULL`,
    ...constants.map((constant) => `${column} = ${constant}`),
    ...constants
      .flatMap((constant) => [`${column} < ${constant}`, `NOT (${column} >= ${constant})`])
      .slice(0, 12),
    ...(constants.length === 0 ? [] : [`${column} IN (${constants.slice(0, 3).join(', ')})`]),
    ...constants
      .slice(0, 1)
      .flatMap((constant) => [`${column} <> ${constant}`, `${column} IS DISTINCT FROM ${constant}`]),
  ];
  await inParallel(conditions, (condition) =>
    sameEverywhere(world, { sql: `SELECT id FROM ${table} WHERE ${condition}` }, ['auto']),
  );
  // The same as parameters: they take another way than literals do.
  await inParallel(values.slice(0, 6), (value) =>
    sameEverywhere(
      world,
      {
        sql: `SELECT id FROM ${table} WHERE ${column} = $1`,
        plainSql: `SELECT id FROM ${table} WHERE ${column} = ${duckdbConstant(readAs, value)}`,
        parameters: [{ type: readAs, value }],
      },
      ['auto'],
    ),
  );
}

async function matchPattern(world: World, ...conditions: readonly string[]): Promise<void> {
  for (const condition of conditions) {
    await sameEverywhere(world, { sql: `SELECT id FROM ${world.tested('types')} WHERE t ${condition}` });
    await sameEverywhere(world, { sql: `SELECT id FROM ${world.tested('types')} WHERE t NOT ${condition}` }, [
      'auto',
    ]);
  }
}
