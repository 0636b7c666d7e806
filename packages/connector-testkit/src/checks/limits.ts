import { manyRowCount } from '../fixtures/standard-tables.js';
import { answer } from '../run/answer.js';
import { comparedModes } from '../run/check-query.js';
import { sameEverywhere } from '../run/compare-with-oracle.js';
import type { Check } from '../suite/check.js';
import { expect } from '../suite/conformance-error.js';
import type { World } from '../world/world.js';

/** Conditions of which a source can say some, most or none. */
const conditions = [
  'id >= 20',
  `t LIKE '%a%'`,
  'length(t) >= 1',
  `hash(t) % 2 = 0`,
  `id % 2 = 0 AND upper(reverse(t)) >= 'A'`,
];

export const limitChecks: readonly Check[] = [
  {
    id: 'limits.exact',
    title: 'LIMIT gives as many rows as it says',
    run: async (world) => {
      for (const limit of [0, 1, 7, manyRowCount + 1]) await subset(world, 'many', '', limit, 0);
    },
  },
  {
    id: 'limits.before-filter',
    title: 'LIMIT cuts off after every filter, not before',
    run: async (world) => {
      for (const condition of conditions) await subset(world, 'a', ` WHERE ${condition}`, 5, 0);
    },
  },
  {
    id: 'limits.offset',
    title: 'OFFSET skips as many rows as it says',
    run: async (world) => {
      await subset(world, 'a', '', 5, 45);
      await subset(world, 'a', ` WHERE ${conditions[2]}`, 5, 3);
      await subset(world, 'a', '', undefined, 40);
    },
  },
  {
    id: 'limits.top-n',
    title: 'ORDER BY with LIMIT and OFFSET gives the same rows in the same order',
    run: async (world) => {
      const table = world.tested('many');
      for (const range of ['LIMIT 10', 'LIMIT 10 OFFSET 39995', 'LIMIT 0', 'OFFSET 39990']) {
        await sameEverywhere(world, {
          sql: `SELECT id, k FROM ${table} ORDER BY k DESC, id ${range}`,
          ordered: true,
        });
      }
    },
  },
  {
    id: 'limits.empty-table',
    title: 'an empty table gives no rows, a count of 0 and a sum of NULL',
    run: async (world) => {
      const table = world.tested('empty');
      await sameEverywhere(world, { sql: `SELECT * FROM ${table}` });
      await sameEverywhere(world, { sql: `SELECT count(*), count(k), sum(k), min(t) FROM ${table}` });
      await sameEverywhere(world, { sql: `SELECT k, count(*) FROM ${table} GROUP BY k` });
    },
  },
];

/** Without an order any rows will do: as many of them as there should be, and none that the whole answer lacks. */
async function subset(
  world: World,
  key: 'a' | 'many',
  where: string,
  limit: number | undefined,
  offset: number,
): Promise<void> {
  const from = `FROM ${world.tested(key)}${where}`;
  const whole = await world.duckdb.query(`SELECT id ${from}`);
  const rest = Math.max(0, whole.rows.length - offset);
  const wanted = Math.min(limit ?? rest, rest);
  const range = `${limit === undefined ? '' : ` LIMIT ${limit}`}${offset === 0 ? '' : ` OFFSET ${offset}`}`;
  const known = new Set(whole.rows.map(([id]) => id));
  for (const pushdown of comparedModes) {
    const sql = `SELECT id ${from}${range}`;
    const { rows } = await answer(world.engine, sql, { pushdown });
    expect(rows.length === wanted, `${pushdown}: ${rows.length} rows instead of ${wanted}\n${sql}`);
    const distinct = new Set(rows.map(([id]) => id));
    expect(distinct.size === rows.length, `${pushdown}: a row comes twice\n${sql}`);
    const strange = [...distinct].filter((id) => !known.has(id ?? ''));
    expect(strange.length === 0, `${pushdown}: rows that the filter excludes: ${strange.join()}\n${sql}`);
  }
}
