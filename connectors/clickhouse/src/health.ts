import type { CallContext, HealthFinding, SourceHealth } from '@tributary/connector-sdk';
import type { Server } from './execute/server.js';

interface HealthRow {
  readonly version: string;
  readonly zone: string;
}

/** The oldest version that the settings and the dialect are made for. */
const oldest = [25, 8] as const;

export async function checkHealth(server: Server, { signal }: CallContext): Promise<SourceHealth> {
  const [row] = await server.rows<HealthRow>({
    sql: 'SELECT version() AS version, serverTimezone() AS zone',
    signal,
  });
  const start = performance.now();
  await server.rows({ sql: 'SELECT 1', signal });
  const latencyMs = Math.round((performance.now() - start) * 100) / 100;
  if (row === undefined) return { healthy: false, latencyMs, findings: [] };
  const findings = findingsOf(row);
  return {
    healthy: findings.every(({ level }) => level !== 'error'),
    version: `ClickHouse ${row.version}`,
    latencyMs,
    findings,
  };
}

function findingsOf({ version, zone }: HealthRow): readonly HealthFinding[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const findings: HealthFinding[] = [];
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    findings.push({
      level: 'error',
      message: `ClickHouse ${version} is older than ${oldest.join('.')}.`,
      fix: `Upgrade the server to ${oldest.join('.')} or newer.`,
    });
  }
  if (zone !== 'UTC') {
    findings.push({
      level: 'info',
      message: `The server's zone is ${zone}; instants are delivered in UTC.`,
    });
  }
  return findings;
}
