import { expect, test } from 'vitest';
import { agg, aggregate, bigint, filter, project, ref, t } from '../../test/render/plans.js';
import { compare, literal } from '../plan/index.js';
import { duckdbDialect } from './duckdb/dialect.js';
import { renderQuery } from './render-query.js';

const dialect = { ...duckdbDialect, havingNeedsAggregate: true };
const many = filter(
  aggregate(t(), [], agg(21, 'count', [ref(3)])),
  compare('>', ref(21, bigint), literal(bigint, '2')),
);

test('HAVING over columns that are no aggregates, where a database needs one beside it', () => {
  const constant = project(many, [22, 'five', literal(bigint, '5')]);
  expect(renderQuery(constant, { dialect }).sql).toMatchInlineSnapshot(`
    "SELECT CASE WHEN count(*) >= 0 THEN '5'::BIGINT END AS "five"
    FROM "t" AS t
    HAVING count(t."n") > 2"
  `);
});

test('HAVING over no columns', () => {
  expect(renderQuery(project(many), { dialect }).sql).toMatchInlineSnapshot(`
    "SELECT count(*)
    FROM "t" AS t
    HAVING count(t."n") > 2"
  `);
});

test('HAVING beside an aggregate stays as it is', () => {
  expect(renderQuery(many, { dialect }).sql).toBe(renderQuery(many, { dialect: duckdbDialect }).sql);
});
