import { expect, test } from 'vitest';
import { integer, join, project, ref, t, u } from '../../test/render/plans.js';
import { compare } from '../plan/index.js';
import { duckdbDialect } from './duckdb/dialect.js';
import { renderQuery } from './render-query.js';

const dialect = { ...duckdbDialect, columnsNeedAs: true };

test('a column of a join gets the name it has with AS where a database needs that', () => {
  const both = project(join('inner', t(), u(), compare('=', ref(1), ref(12))), [3, 'n', ref(3, integer)]);
  const tables = 'FROM "t" AS t\nJOIN "u" AS u ON t."id" = u."t_id"';
  expect(renderQuery(both, { dialect: duckdbDialect }).sql).toBe(`SELECT t."n"\n${tables}`);
  expect(renderQuery(both, { dialect }).sql).toBe(`SELECT t."n" AS "n"\n${tables}`);
});

test('a column of one table keeps its name anyway', () => {
  expect(renderQuery(project(t(), [3, 'n', ref(3, integer)]), { dialect }).sql).toBe(
    'SELECT t."n"\nFROM "t" AS t',
  );
});
