import { expect, it } from 'vitest';
import { changesViews } from './changes-views.js';

it.each([
  ['create view v as select 1', true],
  ['-- a view\nCREATE OR /* yes */ REPLACE VIEW v AS select 1', true],
  ['drop view if exists v', true],
  ['select * from view_of_all', false],
  ["select 'create view v'", false],
  ['create viewer', false],
])('%s', (sql, changes) => {
  expect(changesViews(sql)).toBe(changes);
});
