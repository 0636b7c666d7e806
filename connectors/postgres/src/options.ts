import { tlsMaterialIssue } from '@tributary/connector-sdk';
import { z } from 'zod';
import { parseConnectionUrl } from './connection-url.js';

const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

const sslFields = z.strictObject({
  /**
   * As libpq's sslmode: `prefer` falls back to plain text, `require` encrypts without checking the server's certificate,
   * `verify-ca` checks its issuer, `verify-full` its name too.
   */
  mode: z.enum(sslModes),
  /** PEM text. Without it the verifying modes use Node's bundle of authorities. */
  ca: z.string().optional(),
  cert: z.string().optional(),
  key: z.string().optional(),
});

const sslSchema = sslFields.superRefine((ssl, context) => {
  const issue = tlsMaterialIssue(ssl);
  if (issue !== undefined) context.addIssue({ code: 'custom', path: [issue.option], message: issue.message });
});

const milliseconds = z.number().int().positive();

/** The options as they are written. */
export const writtenOptions = z.strictObject({
  /** `postgres://user:password@host:port/database?sslmode=…`; single options override its parts. */
  url: z.string().min(1).optional(),
  /** Name or address; an absolute path is the directory of a Unix socket. Default `localhost`. */
  host: z.string().min(1).optional(),
  /** Default 5432. */
  port: z.number().int().min(1).max(65_535).optional(),
  /** Default `postgres`. */
  user: z.string().min(1).optional(),
  password: z.string().optional(),
  /** Default: the user's name. */
  database: z.string().min(1).optional(),
  /** Schemas that are listed, and the order in which one-part names are looked up. Default: all but system schemas, `public` first. */
  schemas: z.array(z.string().min(1)).min(1).optional(),
  /** Most connections at once. Default 8. */
  poolSize: z.number().int().min(2).max(1000).default(8),
  /** Default `{ mode: 'prefer' }`. */
  ssl: sslSchema.optional(),
  /**
   * `session`: a pooler stands before the server that keeps a client's server connection until the client leaves, as PgBouncer with
   * `pool_mode = session`. With `none` a pooler is refused, since one that changes connections between transactions would lose
   * what a session has set. Default `none`.
   */
  pooler: z.enum(['none', 'session']).default('none'),
  /** Milliseconds to a usable connection. Default 10,000. */
  connectTimeoutMs: milliseconds.default(10_000),
  /** Milliseconds after which an unused connection is closed. Default 30,000. */
  idleTimeoutMs: milliseconds.default(30_000),
  /** Shown in pg_stat_activity. Default `tributary`. */
  applicationName: z.string().min(1).max(63).default('tributary'),
  /**
   * How NUMERIC without a declared precision is read: `decimal` is DECIMAL(38,16), exact or SOURCE.UNREPRESENTABLE_VALUE;
   * `double` rounds; `varchar` keeps every digit as text. Default `decimal`.
   */
  unconstrainedNumeric: z.enum(['decimal', 'double', 'varchar']).default('decimal'),
  /** Connections that read one large table together. Default 3. */
  fetchConnections: z.number().int().min(1).max(64).default(3),
  /** Estimated result rows from which a table is read by several connections. Default 100,000. */
  minSplitRows: z.number().int().min(1).default(100_000),
  /** Price of this server's work relative to local work. Default 1.2. */
  costMultiplier: z.number().positive().default(1.2),
  /** Round trip in milliseconds, for the cost model. Default 1. */
  latencyMs: z.number().nonnegative().default(1),
  /** Megabits per second, for the cost model. Default 1000. */
  bandwidthMbps: z.number().positive().default(1000),
});

/** Options of a PostgreSQL source, as a configuration holds them. */
export type PostgresOptionsInput = z.input<typeof writtenOptions>;

/** Where to connect, with every default filled in. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly ssl: z.output<typeof sslSchema>;
}

export type PostgresOptions = Omit<
  z.output<typeof writtenOptions>,
  'url' | 'host' | 'port' | 'user' | 'password' | 'database' | 'ssl'
> & { readonly server: ServerAddress };

export const optionsSchema = writtenOptions.transform((options, context): PostgresOptions => {
  const { url, host, port, user, password, database, ssl, ...rest } = options;
  const fromUrl = url === undefined ? {} : parseConnectionUrl(url);
  if ('issue' in fromUrl) {
    context.addIssue({ code: 'custom', path: ['url'], message: fromUrl.issue });
    return z.NEVER;
  }
  const mode = sslModes.find((each) => each === fromUrl.sslMode);
  if (fromUrl.sslMode !== undefined && mode === undefined) {
    context.addIssue({
      code: 'custom',
      path: ['url'],
      message: `sslmode must be one of ${sslModes.join(', ')}`,
    });
    return z.NEVER;
  }
  const userName = user ?? fromUrl.user ?? 'postgres';
  return {
    ...rest,
    ...(fromUrl.applicationName !== undefined && { applicationName: fromUrl.applicationName }),
    server: {
      host: host ?? fromUrl.host ?? 'localhost',
      port: port ?? fromUrl.port ?? 5432,
      user: userName,
      password: password ?? fromUrl.password,
      database: database ?? fromUrl.database ?? userName,
      ssl: ssl ?? { mode: mode ?? 'prefer' },
    },
  };
});
