import { systemSchema } from './list-tables.js';

/**
 * Everything about one table in one round trip. $1 schema or NULL, $2 name, $3 configured schemas or NULL.
 * An exact name goes before one that differs in case, an earlier schema before a later one.
 */
export const describeSql = `
WITH found AS (
  SELECT c.oid, c.relname, c.relkind, c.relhassubclass, n.nspname
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND lower(c.relname) = lower($2::text)
    AND ($1::text IS NULL OR lower(n.nspname) = lower($1::text))
    AND ($3::text[] IS NULL AND ($1::text IS NOT NULL OR NOT ${systemSchema}) OR n.nspname = ANY ($3::text[]))
  ORDER BY n.nspname <> $1::text, c.relname <> $2::text,
    array_position($3::text[], n.nspname::text), n.nspname <> 'public', n.nspname
  LIMIT 1
)
SELECT f.nspname AS schema, f.relname AS name, f.relkind AS kind, f.relhassubclass AS "hasChildren",
  pg_catalog.pg_encoding_to_char(d.encoding) AS encoding,
  (SELECT coalesce(json_agg(column_info ORDER BY attnum), '[]') FROM (
    SELECT a.attnum, json_build_object(
      'name', a.attname,
      'native', pg_catalog.format_type(a.atttypid, a.atttypmod),
      'notNull', a.attnotnull,
      'number', a.attnum,
      'type', json_build_object(
        'name', coalesce(el.typname, base.typname),
        'builtin', coalesce(el.typnamespace, base.typnamespace) = 'pg_catalog'::regnamespace,
        'isArray', el.oid IS NOT NULL,
        'isEnum', coalesce(el.typtype, base.typtype) = 'e',
        'modifier', base.modifier,
        'labels', (SELECT coalesce(json_agg(e.enumlabel ORDER BY e.enumsortorder), '[]')
                   FROM pg_catalog.pg_enum e WHERE e.enumtypid = coalesce(el.oid, base.oid)),
        'deterministic', coalesce(col.collisdeterministic, true)
      )) AS column_info
    FROM pg_catalog.pg_attribute a
    CROSS JOIN LATERAL (
      WITH RECURSIVE step AS (
        SELECT t.*, a.atttypmod AS modifier, 0 AS depth FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid
        UNION ALL
        SELECT t.*, s.typtypmod, s.depth + 1
        FROM step s JOIN pg_catalog.pg_type t ON t.oid = s.typbasetype WHERE s.typtype = 'd'
      )
      SELECT * FROM step ORDER BY depth DESC LIMIT 1
    ) base
    LEFT JOIN pg_catalog.pg_type el ON base.typcategory = 'A' AND base.typlen = -1 AND el.oid = base.typelem
    LEFT JOIN pg_catalog.pg_collation col ON col.oid = a.attcollation
    WHERE a.attrelid = f.oid AND a.attnum > 0 AND NOT a.attisdropped
  ) columns) AS columns,
  (SELECT coalesce(json_agg(json_build_object(
      'columns', (SELECT json_agg(k.attnum ORDER BY k.position)
                  FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
                  WHERE k.position <= i.indnkeyatts),
      'unique', i.indisunique AND i.indimmediate,
      'primary', i.indisprimary AND i.indimmediate,
      'method', am.amname
    ) ORDER BY i.indexrelid), '[]')
   FROM pg_catalog.pg_index i
   JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
   JOIN pg_catalog.pg_am am ON am.oid = ic.relam
   WHERE i.indrelid = f.oid AND i.indisvalid AND i.indpred IS NULL) AS indexes
FROM found f
JOIN pg_catalog.pg_database d ON d.datname = current_database()`;
