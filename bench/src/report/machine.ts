import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { Client } from 'pg';

/** What the figures depend on: the machine, how busy it was, and the versions. */
export async function machineLines(url: string): Promise<readonly string[]> {
  const [cpu] = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const [load = 0] = loadavg();
  return [
    `- ${availableParallelism()} cores (${cpu?.model.trim() || process.arch}), ${memory} GiB, ${process.platform}; the server, the peers and the engine share them; load average ${load.toFixed(1)} at the start`,
    `- Node ${process.versions.node}, DuckDB ${duckdbVersion()}, PostgreSQL ${await serverVersion(url)} with its default settings but for 256 MB of shared buffers and no fsync, on loopback`,
  ];
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
