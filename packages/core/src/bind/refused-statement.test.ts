import { describe, expect, test } from 'vitest';
import { refusedAsNoQuery, refusedStatement } from './refused-statement.js';

describe('refusedStatement', () => {
  test.each(['', ' ', ';', '-- nothing\n;', '/* ; */'])('%j is empty', (sql) => {
    expect(refusedStatement(sql)).toMatchObject({ code: 'SQL.SYNTAX', message: 'The statement is empty.' });
  });

  test.each([
    'select 1; select 2',
    'select 1; -- one\nselect 2',
    "select ';'; drop table t",
    'drop table a; drop table b',
  ])('%j is several', (sql) => {
    expect(refusedStatement(sql)?.message).toBe('Give one statement at a time.');
  });

  test.each([
    ['insert into t values (1)', 'INSERT'],
    ['-- mine\n  Copy t to $$x;y$$;', 'COPY'],
    ['/* a */ /* b */ begin', 'BEGIN'],
    ['/* a /* b */ select 1; */ begin', 'BEGIN'],
  ])('%j is refused by its first word', (sql, word) => {
    expect(refusedStatement(sql)?.message).toMatch(new RegExp(`^${word} is refused: `));
  });

  test.each([
    "select ';--;' as \"a;b\", $x$;$x$, e'\\';' /* ; */; -- ;",
    'settings',
    'from inserted',
    '(select 1)',
    'with "insert" as (select 1) from "insert"',
  ])('%j begins like a query', (sql) => {
    expect(refusedStatement(sql)).toBeUndefined();
  });
});

test.each([
  ['pivot t on kind', /^PIVOT/],
  ['with p as (PIVOT_WIDER t on kind) from p', /^PIVOT/],
  ['with x as (select 1) insert into t from x', /^Only queries, DESCRIBE/],
  ['update t set pivot = 1', /^UPDATE/],
])('%j is refused as no query', (sql, message) => {
  expect(refusedAsNoQuery(sql)).toMatchObject({
    code: 'SQL.UNSUPPORTED_STATEMENT',
    message: expect.stringMatching(message),
  });
});
