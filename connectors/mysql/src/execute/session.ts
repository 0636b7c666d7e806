import type { ConnectionOptions } from 'mysql2';
import type { MySqlOptions, ServerAddress } from '../options.js';
import type { ProductName } from '../product.js';
import { byteCollations } from '../dialect/byte-collation.js';

type SslOptions = Exclude<NonNullable<ConnectionOptions['ssl']>, string>;

/** What `ssl` means to mysql2; undefined: no TLS. `prefer` is tried with TLS first. */
export function tlsOptions({ ssl, socketPath }: ServerAddress): SslOptions | undefined {
  const { mode, ca, cert, key } = ssl;
  if (mode === 'disable' || (mode === 'prefer' && socketPath !== undefined)) return undefined;
  const material = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  switch (mode) {
    case 'prefer':
      return { ...material, rejectUnauthorized: false };
    case 'require':
      // An authority that is given is meant to be heard.
      return { ...material, rejectUnauthorized: ca !== undefined };
    case 'verify-ca':
      return { ...material, rejectUnauthorized: true };
    case 'verify-full':
      return { ...material, rejectUnauthorized: true, verifyIdentity: true };
  }
}

export function connectionOptions(options: MySqlOptions, ssl: SslOptions | undefined): ConnectionOptions {
  const { server } = options;
  return {
    ...(server.socketPath === undefined
      ? { host: server.host, port: server.port }
      : { socketPath: server.socketPath }),
    user: server.user,
    ...(server.password !== undefined && { password: server.password }),
    ...(server.database !== undefined && { database: server.database }),
    ...(ssl !== undefined && { ssl }),
    connectTimeout: options.connectTimeoutMs,
    charset: 'utf8mb4_general_ci',
    // With IGNORE_SPACE, which mysql2 asks for, names of functions are reserved; the server may not ask for a local file.
    flags: ['-IGNORE_SPACE', '-LOCAL_FILES', '-FOUND_ROWS'],
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    enableKeepAlive: true,
    connectAttributes: { program_name: 'tributary' },
  };
}

/**
 * Strict, and with no mode that changes what a statement means (ANSI_QUOTES, PIPES_AS_CONCAT, NO_BACKSLASH_ESCAPES,
 * PAD_CHAR_TO_FULL_LENGTH, HIGH_NOT_PRECEDENCE). Without NO_UNSIGNED_SUBTRACTION `id - row_number()` would fail below zero.
 */
const sqlMode = 'STRICT_ALL_TABLES,STRICT_TRANS_TABLES,NO_UNSIGNED_SUBTRACTION,NO_ENGINE_SUBSTITUTION';

/** Settings that the meaning of a statement, or how far it may go, depend on: a server may have others. */
const settings: Readonly<Record<string, string>> = {
  sql_mode: `'${sqlMode}'`,
  time_zone: `'+00:00'`,
  sql_auto_is_null: '0',
  sql_big_selects: '1',
  sql_select_limit: '18446744073709551615',
  div_precision_increment: '4',
  group_concat_max_len: '4294967295',
  // An answer that its reader pauses is not a dead client.
  net_write_timeout: '3600',
};

const productSettings: Readonly<Record<ProductName, Readonly<Record<string, string>>>> = {
  mysql: {
    transaction_read_only: '1',
    transaction_isolation: `'REPEATABLE-READ'`,
    windowing_use_high_precision: 'ON',
    // Otherwise text is sorted by its first 1,024 bytes only. The buffer grows as it is filled.
    max_sort_length: '8388608',
    sort_buffer_size: '33554432',
    // With more keys than fit, the range optimizer would read the whole table instead.
    range_optimizer_max_mem_size: '0',
    information_schema_stats_expiry: '0',
    // Otherwise a sub-select becomes an outer join of which plan/outer-joins.ts knows nothing.
    optimizer_switch: `'subquery_to_derived=off'`,
  },
  mariadb: {
    tx_read_only: '1',
    tx_isolation: `'REPEATABLE-READ'`,
    // Enough for TEXT. MariaDB wants room for fifteen keys of the full length, so it is not to be had for longer types, which are
    // not sorted there (see types/column-type.ts).
    max_sort_length: '262144',
    sort_buffer_size: '16777216',
    // A long IN list is to stay a list of ranges, not to become a table that is joined.
    in_predicate_conversion_threshold: '0',
    // From level 3 on it joins by hashing, and finds no NULL by `<=>` of decimals, dates and times.
    join_cache_level: '2',
    // What a sub-select has said is kept by the outer column's value under that column's own collation, whatever the comparison's is.
    optimizer_switch: `'subquery_cache=off'`,
  },
};

/** The statements that pin a session, in order. */
export function sessionStatements(product: ProductName): readonly string[] {
  const all = { ...settings, ...productSettings[product] };
  return [
    `SET NAMES utf8mb4 COLLATE ${byteCollations[product]}`,
    `SET SESSION ${Object.entries(all)
      .map(([name, value]) => `${name} = ${value}`)
      .join(', ')}`,
  ];
}

/** The server's own limit for a statement, a backstop behind the KILL. */
export function statementTimeout(product: ProductName, timeoutMs: number): string {
  const limit = Math.min(Math.ceil(timeoutMs) + graceMs, 2 ** 31 - 1);
  return product === 'mysql'
    ? `SET SESSION max_execution_time = ${limit}`
    : `SET SESSION max_statement_time = ${limit / 1000}`;
}

/** So that the engine's own timeout, which says more, comes first. */
const graceMs = 1_000;
