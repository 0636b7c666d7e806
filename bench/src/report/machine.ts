import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { Client } from 'pg';

/** What figures depend on. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly gibibytes: number;
  readonly platform: string;
  readonly node: string;
  readonly duckdb: string;
  readonly postgres: string;
}

export async function machineOf(url: string): Promise<Machine> {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() || process.arch,
    gibibytes: Math.round(totalmem() / 2 ** 30),
    platform: process.platform,
    node: process.versions.node,
    duckdb: duckdbVersion(),
    postgres: await serverVersion(url),
  };
}

export function machineText(machine: Machine): string {
  const { cores, processor, gibibytes, platform, node, duckdb, postgres } = machine;
  return `${cores} cores (${processor}), ${gibibytes} GiB, ${platform}, Node ${node}, DuckDB ${duckdb}, PostgreSQL ${postgres}`;
}

function duckdbVersion(): string {
  const require = createRequire(import.meta.url);
  const manifest: unknown = JSON.parse(
    readFileSync(require.resolve('@duckdb/node-api/package.json'), 'utf8'),
  );
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}

async function serverVersion(url: string): Promise<string> {
  const client = new Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ readonly server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? '';
  } finally {
    await client.end();
  }
}
