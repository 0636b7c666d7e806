import { expect, test } from 'vitest';
import { shownTable } from './shown-table.js';

test.each([
  ['describe "tables"', { name: 'tables', position: 9, mayBeList: false }],
  ['SHOW"Schemas" ;', { name: 'Schemas', position: 4, mayBeList: false }],
  ['/* a */ desc Databases -- all', { name: 'Databases', position: 13, mayBeList: true }],
  ['summarize tables', { name: 'tables', position: 10, mayBeList: false }],
])('%j is of a table', (sql, expected) => {
  expect(shownTable(sql)).toEqual(expected);
});

test.each([
  'show tables',
  'describe tables.a',
  'describe "tables',
  'desc tables from lake',
  'describe orders',
])('%j needs no second look', (sql) => {
  expect(shownTable(sql)).toBeUndefined();
});
