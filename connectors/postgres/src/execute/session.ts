import { CopySocket } from '@tributary/columnar';
import type { PoolConfig } from 'pg';
import type { ConnectionOptions } from 'node:tls';
import type { PostgresOptions, ServerAddress } from '../options.js';

/** What `ssl` means to node-postgres, but for `prefer`, which depends on the server. */
export function tlsOptions(server: ServerAddress, offersTls: boolean): ConnectionOptions | false {
  // As libpq: a Unix socket needs none.
  if (server.host.startsWith('/')) return false;
  const { mode, ca, cert, key } = server.ssl;
  const material = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  switch (mode) {
    case 'disable':
      return false;
    case 'prefer':
      return offersTls ? { ...material, rejectUnauthorized: false } : false;
    case 'require':
      // As libpq: with an authority given, `require` verifies it.
      return { ...material, rejectUnauthorized: ca !== undefined, checkServerIdentity: () => undefined };
    case 'verify-ca':
      return { ...material, rejectUnauthorized: true, checkServerIdentity: () => undefined };
    case 'verify-full':
      return { ...material, rejectUnauthorized: true };
  }
}

/**
 * Settings that the meaning of a statement or the form of its values depend on, pinned when a session starts: a role or
 * database may have others. `plan_cache_mode` because a generic plan knows nothing of a key set's size.
 */
const sessionSettings: Readonly<Record<string, string>> = {
  default_transaction_read_only: 'on',
  TimeZone: 'UTC',
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  backslash_quote: 'safe_encoding',
  transform_null_equals: 'off',
  array_nulls: 'on',
  plan_cache_mode: 'force_custom_plan',
  search_path: '"$user",public',
};

/**
 * Pins a session's settings by a statement: poolers refuse the startup parameter `options`, or drop it. The number is the backend's
 * as the client was told it: another one means that somebody stands between, whose connection is left as it is. Names are qualified
 * because a role may look up its own first.
 *
 * @param backend undefined where it does not matter whose connection it is
 */
export function pinningStatement(backend: number | undefined): {
  readonly text: string;
  readonly values: readonly unknown[];
} {
  const names = Object.keys(sessionSettings).map(
    (_, i) => `pg_catalog.set_config($${2 * i + 2}, $${2 * i + 3}, false)`,
  );
  const told = '$1::pg_catalog.int4';
  const isBackend = `pg_catalog.pg_backend_pid() OPERATOR(pg_catalog.=) ${told}`;
  return {
    text: `SELECT CASE WHEN ${isBackend} OR ${told} IS NULL THEN ARRAY[${names.join(', ')}] END AS pinned`,
    values: [backend ?? null, ...Object.entries(sessionSettings).flat()],
  };
}

export function poolConfig(options: PostgresOptions, ssl: ConnectionOptions | false): PoolConfig {
  const { server } = options;
  return {
    host: server.host,
    port: server.port,
    user: server.user,
    ...(server.password !== undefined && { password: server.password }),
    database: server.database,
    ssl,
    // Without TLS in between, rows are read into one buffer.
    ...(ssl === false && { stream: () => new CopySocket() }),
    max: options.poolSize,
    idleTimeoutMillis: options.idleTimeoutMs,
    connectionTimeoutMillis: options.connectTimeoutMs,
    application_name: options.applicationName,
    keepAlive: true,
    allowExitOnIdle: true,
  };
}
