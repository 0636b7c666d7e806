import { openPlainDuckDB } from '@tributary/testbed';
import { PlanningBench } from './planning-bench.js';

/** Few rows, but NULLs, repeated keys, keys without a partner and an empty table among them. */
const definitions = `
  CREATE TABLE a (id INTEGER, x INTEGER, y BIGINT, s VARCHAR, d DATE, p DECIMAL(9,2));
  INSERT INTO a VALUES (1, 1, 10, 'one', '2020-01-01', 1.50), (2, 1, NULL, 'two', NULL, NULL),
    (3, 2, 30, NULL, '2020-03-01', -2.25), (4, NULL, 40, 'four', '2021-01-01', 0.00),
    (5, 3, 10, '', '2019-12-31', 99.99), (6, NULL, NULL, NULL, NULL, NULL), (7, 5, 70, 'one', '2020-01-01', 1.50);
  CREATE TABLE b (id INTEGER, a_id INTEGER, x INTEGER, z INTEGER, s VARCHAR);
  INSERT INTO b VALUES (1, 1, 1, 5, 'one'), (2, 1, 2, NULL, 'b'), (3, 2, NULL, 7, NULL), (4, NULL, 3, 1, 'two'),
    (5, 3, 3, 9, 'one'), (6, 3, 4, 2, 'c'), (7, 9, 1, 5, ''), (8, NULL, NULL, NULL, NULL);
  CREATE TABLE c (x INTEGER, w INTEGER);
  INSERT INTO c VALUES (1, 1), (2, 20), (3, NULL), (NULL, 4), (1, 1);
  CREATE TABLE e (x INTEGER, w INTEGER);
`;

/** `a`, `c` and `e` in one source, `b` in another. */
export async function openSmallTables(exactBounds = false): Promise<PlanningBench> {
  const duckdb = await openPlainDuckDB();
  await duckdb.run(definitions);
  const tables = [
    { name: 'a', source: 'pg', primaryKey: ['id'], nullable: ['x', 'y', 's', 'd', 'p'] },
    { name: 'b', source: 'lake', primaryKey: ['id'], nullable: ['a_id', 'x', 'z', 's'] },
    { name: 'c', source: 'pg', primaryKey: [], nullable: ['x', 'w'] },
    { name: 'e', source: 'pg', primaryKey: [], nullable: ['x', 'w'] },
  ];
  return PlanningBench.open(
    duckdb,
    tables.map((table) => ({ ...table, exactBounds })),
  );
}
