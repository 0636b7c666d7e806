import { expect, test } from 'vitest';
import { BinderDatabase } from './binder-database.js';
import { looseNames, mayMeanOthers } from './loose-names.js';

test.each([
  ['SELECT t.a, o.b FROM t JOIN o ON t.k = o.k', false],
  ['SELECT a, k FROM t WHERE K > 1 ORDER BY a', false],
  ['SELECT * FROM t', false],
  ['SELECT count(*) FROM t JOIN o USING (k)', false],
  ['SELECT * EXCLUDE (x) FROM t', false],
  ['SELECT a, sum(k) FROM t GROUP BY ALL ORDER BY ALL', false],
  ['SELECT sum(k) AS s FROM t ORDER BY S DESC', false],
  ['SELECT k FROM (SELECT sum(k) AS s, a FROM t GROUP BY a ORDER BY s LIMIT 3) t ORDER BY s', true],
  ['SELECT sum(k) AS s FROM t ORDER BY s + 1', true],
  ['SELECT sum(k) AS s FROM t GROUP BY s', true],
  ['SELECT row_number() OVER (ORDER BY s) AS s FROM t', true],
  ['SELECT * REPLACE (b + 1 AS a) FROM t', true],
  ['SELECT b FROM t JOIN o ON t.k = o.k', true],
  ['SELECT k FROM o WHERE EXISTS (SELECT 1 FROM t WHERE B = 1)', true],
  ['SELECT a AS b FROM t WHERE b = 1', true],
  ['SELECT t FROM t', true],
  ['SELECT far.shop.t.a, t.k FROM far.shop.t', false],
  ['WITH c AS (SELECT k FROM t) SELECT c.k, q.k FROM c, (SELECT k FROM t) q', false],
  ["SELECT (SELECT max(late.x) FROM t) FROM (SELECT {'x': 5} AS late) o", true],
  ['SELECT 1 FROM t NATURAL JOIN o', true],
  ['SELECT 1 FROM t JOIN o USING (b)', true],
  ['SELECT a FROM t UNION BY NAME SELECT k FROM t', true],
  ['SELECT max(COLUMNS(*)) FROM t', true],
  ['SELECT row(*COLUMNS(*)) FROM t', true],
  ['FROM t UNPIVOT (v FOR n IN (COLUMNS(*)))', true],
  ['SELECT (SELECT b FROM o) FROM t', true],
])('%s', async (sql, expected) => {
  const database = await BinderDatabase.open();
  try {
    const names = looseNames([await database.parse(sql)]);
    expect(mayMeanOthers(names, [{ name: 'a' }, { name: 'k' }])).toBe(expected);
  } finally {
    database.close();
  }
});
