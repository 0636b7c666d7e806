import type { CallContext, HealthFinding, SourceHealth } from '@tributary/connector-sdk';
import { type CatalogueRow, numberOrNull, systemDatabases, textOf } from './discovery/catalogue.js';
import type { Connections } from './execute/connections.js';
import type { MySqlOptions } from './options.js';
import { productTitle } from './product.js';

const healthSql = `
SELECT @@GLOBAL.sql_mode AS sql_mode, @@GLOBAL.time_zone AS time_zone, @@GLOBAL.read_only AS is_read_only,
  (SELECT COUNT(*) FROM information_schema.tables t
   WHERE t.table_type = 'BASE TABLE' AND t.engine <> 'InnoDB' AND t.table_schema IN_DATABASES) AS other_engines,
  (SELECT COUNT(*) FROM information_schema.tables t
   WHERE t.table_type = 'BASE TABLE' AND COALESCE(t.table_rows, 0) = 0 AND t.data_length > 1048576
     AND t.table_schema IN_DATABASES) AS unmeasured`;

export async function checkHealth(
  connections: Connections,
  { databases }: MySqlOptions,
  { signal }: CallContext,
): Promise<SourceHealth> {
  const sql = healthSql.replaceAll('IN_DATABASES', databases === undefined ? 'NOT IN (?)' : 'IN (?)');
  const names = databases ?? systemDatabases;
  const [row] = await connections.rows(sql, [names, names], signal);
  const start = performance.now();
  await connections.rows('SELECT 1', [], signal);
  const latencyMs = Math.round((performance.now() - start) * 100) / 100;
  const { product } = connections;
  if (row === undefined || product === undefined) return { healthy: false, latencyMs, findings: [] };
  const findings = findingsOf(row);
  return {
    healthy: findings.every(({ level }) => level !== 'error'),
    version: productTitle(product),
    latencyMs,
    findings,
  };
}

function findingsOf(row: CatalogueRow): readonly HealthFinding[] {
  const findings: HealthFinding[] = [];
  const otherEngines = numberOrNull(row, 'other_engines') ?? 0;
  if (otherEngines > 0) {
    findings.push({
      level: 'warning',
      message: `${otherEngines} tables are not InnoDB's: a query that reads them twice may see two states of them.`,
      fix: 'ALTER TABLE … ENGINE = InnoDB.',
    });
  }
  const unmeasured = numberOrNull(row, 'unmeasured') ?? 0;
  if (unmeasured > 0) {
    findings.push({
      level: 'warning',
      message: `${unmeasured} tables have no statistics: plans rest on guesses.`,
      fix: 'Run ANALYZE TABLE on them.',
    });
  }
  const sqlMode = textOf(row, 'sql_mode');
  if (!/STRICT_(TRANS|ALL)_TABLES/.test(sqlMode) || !sqlMode.includes('NO_ZERO_DATE')) {
    findings.push({
      level: 'info',
      message:
        "The server's sql_mode lets in values that are none, such as 0000-00-00; see the option zeroDates.",
      fix: "Add STRICT_TRANS_TABLES, NO_ZERO_DATE and NO_ZERO_IN_DATE to the server's sql_mode.",
    });
  }
  const timeZone = textOf(row, 'time_zone');
  if (timeZone !== 'UTC' && timeZone !== '+00:00') {
    findings.push({
      level: 'info',
      message: `The server's time zone is ${timeZone}: TIMESTAMP columns are read in UTC here, DATETIME columns as they are.`,
    });
  }
  return findings;
}
