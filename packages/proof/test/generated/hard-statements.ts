/** Statements over the hostile tables on which pushed and unpushed answers once differed, or that only people think of. */
export const hardStatements: readonly string[] = [
  // A row is not in a set with a NULL anywhere in it, even where other columns differ.
  `SELECT id FROM la WHERE (n, 'trail ') NOT IN (SELECT k, g FROM pa)`,
  `SELECT id FROM pa WHERE (n, g) NOT IN (SELECT k, g FROM pb WHERE k IS NOT NULL AND g IS NOT NULL)`,
  `SELECT id FROM pa WHERE n NOT IN (SELECT k FROM pb WHERE pb.id = pa.id)`,
  `SELECT id FROM pa WHERE n NOT IN (SELECT k FROM pb WHERE pb.g = pa.g)`,
  `SELECT id FROM pa WHERE n NOT IN (SELECT k FROM lb WHERE false)`,
  // Constants as group keys.
  `SELECT 1 AS one, max(tm) FROM pa GROUP BY 1`,
  `SELECT 'x' AS x, min(day), max("by") FROM pb WHERE id < 0 GROUP BY 1`,
  // DuckDB does not find bytes beyond ASCII in a Bloom filter.
  `SELECT id, "by" FROM la WHERE "by" = from_hex('5c')`,
  `SELECT count(*) FROM pa JOIN lb ON pa."by" = lb."by"`,
  // DuckDB pushes a join's filter through a Top-N.
  `SELECT a.k FROM pa AS a JOIN (SELECT big, m, k FROM la ORDER BY 1, 2 DESC NULLS LAST, 3 LIMIT 20) AS b ON a.k = b.k WHERE a.id = 0`,
  // A constant that orders an aggregate.
  `SELECT string_agg(q.c, '|' ORDER BY q.c), sum(a.d) FROM lb AS a JOIN (SELECT 'y ' AS c, k FROM pb) AS q ON a.k = q.k`,
  // An alias that looks like a column of an inner table.
  `SELECT a.id FROM pa AS a LEFT JOIN pb AS b ON a.day = b.day ANTI JOIN lb AS c ON a."by" = c."by"
   WHERE a.n = 7 OR 2.5 <> (SELECT min(d.d) FROM pb AS d WHERE d.f IS NOT DISTINCT FROM a.f AND b.day > DATE '2000-01-01')`,
  // A correlated subquery that DuckDB does not take in the words that are left of it.
  `SELECT a2."f" FROM pa AS a1 JOIN pa AS a2 ON a1."b" = a2."b" LEFT JOIN la AS a3 ON a1."d" = a3."d"
   WHERE '00000000-0000-0000-0000-000000000000'::UUID IN (SELECT a4."u" FROM lb AS a4 WHERE a4."ts" = a1."ts" AND a2."n" < (
     SELECT count(a5."k") FROM pb AS a5 WHERE a5."ts" = a4."ts" AND a1."big" NOT IN (0, '-1.5'::DECIMAL(38,10))))`,
  // A parameter or a constant that folds away.
  `SELECT k FROM pa WHERE n = 1 * CAST(NULL AS INTEGER)`,
];
