import type { CallContext, HealthFinding, SourceHealth } from '@tributary/contract/source';
import type { Connections } from './execute/connections.js';
import { systemSchema } from './discovery/list-tables.js';

interface HealthRow {
  readonly version: string;
  readonly number: number;
  readonly encoding: string;
  readonly unanalysed: number;
  readonly forbidden: number;
}

const healthSql = `
SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int4 AS number,
  current_setting('server_encoding') AS encoding,
  count(*) FILTER (WHERE c.relkind = 'r' AND c.reltuples < 0 AND pg_catalog.pg_relation_size(c.oid) > 1048576)::int4 AS unanalysed,
  count(*) FILTER (WHERE NOT pg_catalog.has_table_privilege(c.oid, 'SELECT')
    AND NOT pg_catalog.has_any_column_privilege(c.oid, 'SELECT'))::int4 AS forbidden
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND ($1::text[] IS NULL AND NOT ${systemSchema} OR n.nspname = ANY ($1::text[]))`;

/** The oldest version that the dialect and the split read (TID range scans) are made for. */
const oldestVersion = 140_000;

export async function checkHealth(
  connections: Connections,
  schemas: readonly string[] | undefined,
  context: CallContext,
): Promise<SourceHealth> {
  const [row] = await connections.rows<HealthRow>(healthSql, [schemas ?? null], context.signal);
  const start = performance.now();
  await connections.rows('SELECT 1', [], context.signal);
  const latencyMs = Math.round((performance.now() - start) * 100) / 100;
  if (row === undefined) return { healthy: false, latencyMs, findings: [] };
  const findings = findingsOf(row);
  return {
    healthy: findings.every(({ level }) => level !== 'error'),
    version: `PostgreSQL ${row.version}`,
    latencyMs,
    findings,
  };
}

function findingsOf(row: HealthRow): readonly HealthFinding[] {
  const findings: HealthFinding[] = [];
  if (row.number < oldestVersion) {
    findings.push({
      level: 'error',
      message: `PostgreSQL ${row.version} is older than 14.`,
      fix: 'Upgrade the server to 14 or newer.',
    });
  }
  if (row.encoding !== 'UTF8') {
    findings.push({
      level: 'warning',
      message: `The database is encoded in ${row.encoding}: comparisons by order of text stay with the engine.`,
      fix: 'Use a database with encoding UTF8.',
    });
  }
  if (row.unanalysed > 0) {
    findings.push({
      level: 'warning',
      message: `${row.unanalysed} tables have never been analysed: plans rest on guesses.`,
      fix: 'Run ANALYZE.',
    });
  }
  if (row.forbidden > 0) {
    findings.push({
      level: 'info',
      message: `${row.forbidden} tables may not be read by this user and are not listed.`,
      fix: 'GRANT SELECT on them, if they are wanted.',
    });
  }
  return findings;
}
