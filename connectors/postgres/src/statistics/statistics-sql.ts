/**
 * Size and column figures of one table. Rows are counted as PostgreSQL's planner does (estimate_rel_size in plancat.c):
 * density of the last ANALYZE times today's pages; a table never analysed has its density guessed from column widths.
 * $1 schema, $2 name.
 */
export const statisticsSql = `
WITH root AS (
  SELECT c.oid, c.relkind, n.nspname, c.relname
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = $2
),
heaps AS (
  SELECT c.oid, c.reltuples::float8 AS tuples, c.relpages::float8 AS pages, c.relkind,
    (pg_catalog.pg_relation_size(c.oid) / current_setting('block_size')::int8)::float8 AS pages_now,
    pg_catalog.pg_table_size(c.oid)::float8 AS bytes
  FROM root r
  JOIN pg_catalog.pg_class c ON c.relkind IN ('r', 'm') AND c.oid IN (
    SELECT r.oid
    UNION SELECT p.relid FROM pg_catalog.pg_partition_tree(r.oid) p
    UNION SELECT h.inhrelid FROM pg_catalog.pg_inherits h WHERE h.inhparent = r.oid)
)
SELECT r.relkind AS kind,
  (SELECT sum(CASE
     WHEN h.tuples >= 0 AND h.pages > 0 THEN h.tuples / h.pages * h.pages_now
     WHEN h.tuples >= 0 AND h.pages_now = 0 THEN 0
     ELSE greatest(h.pages_now, 10) * floor((current_setting('block_size')::float8 - 24) / (28 + (
       SELECT coalesce(sum(CASE WHEN a.attlen > 0 THEN a.attlen ELSE 32 END), 0)
       FROM pg_catalog.pg_attribute a WHERE a.attrelid = h.oid AND a.attnum > 0 AND NOT a.attisdropped)))
   END) FROM heaps h) AS rows,
  (SELECT sum(h.bytes) FROM heaps h) AS bytes,
  (SELECT coalesce(json_agg(json_build_object(
      'name', s.attname, 'nullFraction', s.null_frac, 'width', s.avg_width, 'distinct', s.n_distinct,
      'values', s.most_common_vals::text, 'fractions', s.most_common_freqs,
      'histogram', s.histogram_bounds::text, 'correlation', s.correlation)), '[]')
   FROM (
     SELECT DISTINCT ON (attname) * FROM pg_catalog.pg_stats
     WHERE schemaname = r.nspname AND tablename = r.relname ORDER BY attname, inherited DESC
   ) s) AS columns
FROM root r`;
