import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BinderDatabase } from './binder-database.js';
import { withVersionNames } from './time-travel.js';

let database: BinderDatabase;
beforeAll(async () => {
  database = await BinderDatabase.open();
});
afterAll(() => database.close());

const rewritten = (sql: string): Promise<string> => withVersionNames(sql, (text) => database.parse(text));

describe('AT', () => {
  test.each([
    ['from lake.events AT (VERSION => 3)', 'from lake."events@v3" AS "events"'],
    ['from lake.events at(version=>3) where v > 1', 'from lake."events@v3" AS "events" where v > 1'],
    ['select * from lake.events e AT (VERSION => 3)', 'select * from lake."events@v3" e'],
    [
      'select * from lake.events AS "E x" (a, b) AT (VERSION => 3)',
      'select * from lake."events@v3" AS "E x" (a, b)',
    ],
    ['from a."b ""c" AT (TIMESTAMP => \'2026-01-31\')', 'from a."b ""c@2026-01-31" AS "b ""c"'],
    ["from t AT (TIMESTAMP => TIMESTAMP '2026-01-31 10:00:00')", 'from "t@2026-01-31 10:00:00" AS "t"'],
    [
      "select 'é', * from x.t AT (VERSION => 1) join x.t n AT (VERSION => 12) on true join x.t o on true",
      'select \'é\', * from x."t@v1" AS "t" join x."t@v12" n on true join x.t o on true',
    ],
    ['with c as (from t AT (VERSION => 1)) from c', 'with c as (from "t@v1" AS "t") from c'],
  ])('%s', async (sql, expected) => {
    expect(await rewritten(sql)).toBe(expected);
    await database.parse(expected);
  });

  test.each(["select 'at (version => 3)'", 'select at (1) from t', 'from t'])('%s has none', async (sql) => {
    expect(await rewritten(sql)).toBe(sql);
  });

  test.each([
    'from t AT (VERSION => 1 + 1)',
    'from t AT (TIMESTAMP => now())',
    "from t AT (VERSION => 'x')",
    "from t AT (TIMESTAMP => 'v3')",
  ])('%s is no constant', async (sql) => {
    await expect(rewritten(sql)).rejects.toMatchObject({ code: 'SQL.BIND', position: 5 });
  });
});
