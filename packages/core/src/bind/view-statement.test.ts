import { expect, test } from 'vitest';
import { viewStatement } from './view-statement.js';

test.each([
  ['create view a as select 1', { kind: 'create-view', name: 'a', query: 'select 1', replace: false }],
  [
    '-- mine\nCREATE OR REPLACE VIEW "a ""b" AS\nselect 1;',
    { kind: 'create-view', name: 'a "b', query: 'select 1', replace: true },
  ],
  ['drop view a', { kind: 'drop-view', name: 'a', ifExists: false }],
  [
    "create view größe as select '--;' -- last",
    { kind: 'create-view', name: 'größe', query: "select '--;' -- last", replace: false },
  ],
  ['drop view größe; -- done', { kind: 'drop-view', name: 'größe', ifExists: false }],
  ['DROP VIEW IF EXISTS "x y" ;', { kind: 'drop-view', name: 'x y', ifExists: true }],
])('%s', (sql, expected) => {
  expect(viewStatement(sql)).toEqual(expected);
});

test.each([
  'select 1',
  'create table a as select 1',
  'drop table a',
  'drop view a, b',
  'create view',
  'select * from create_view',
])('%s is no view statement', (sql) => {
  expect(viewStatement(sql)).toBeUndefined();
});
