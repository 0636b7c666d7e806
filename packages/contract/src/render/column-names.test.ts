import { expect, test } from 'vitest';
import { integer, project, ref, t } from '../../test/render/plans.js';
import { duckdbDialect } from './duckdb/dialect.js';
import { renderQuery } from './render-query.js';

test('a column that keeps its name gets it with AS where a database needs that', () => {
  expect(renderQuery(project(t(), [3, 'n', ref(3, integer)]), { dialect: duckdbDialect }).sql).toBe(
    'SELECT t."n"\nFROM "t" AS t',
  );
  const dialect = { ...duckdbDialect, columnsNeedAs: true };
  expect(renderQuery(project(t(), [3, 'n', ref(3, integer)]), { dialect }).sql).toBe(
    'SELECT t."n" AS "n"\nFROM "t" AS t',
  );
});
