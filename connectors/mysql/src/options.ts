import { tlsMaterialIssue } from '@tributary/connector-sdk';
import { z } from 'zod';
import { parseConnectionUrl } from './connection-url.js';

const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

/** The names of MySQL's own clients for the same modes. */
const clientModes: Readonly<Record<string, (typeof sslModes)[number]>> = {
  disabled: 'disable',
  preferred: 'prefer',
  required: 'require',
  'verify-identity': 'verify-full',
};

const sslFields = z.strictObject({
  /**
   * `prefer` falls back to plain text where the server has no TLS, `require` encrypts and checks the server's certificate only where `ca` is given,
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

export const writtenOptions = z.strictObject({
  /** `mysql://user:password@host:3306/database?ssl-mode=…`; single options override its parts. */
  url: z.string().min(1).optional(),
  /** Name or address. Default `localhost`. */
  host: z.string().min(1).optional(),
  /** Default 3306. */
  port: z.number().int().min(1).max(65_535).optional(),
  /** Default `root`. */
  user: z.string().min(1).optional(),
  password: z.string().optional(),
  /** Where one-part table names are looked up first. Default: none. */
  database: z.string().min(1).optional(),
  /** Path of a Unix socket, instead of host and port. */
  socketPath: z.string().min(1).optional(),
  /** Databases that are listed, and the order in which one-part names are looked up. Default: all but the server's own. */
  databases: z.array(z.string().min(1)).min(1).optional(),
  /** Most connections at once. Default 8. */
  poolSize: z.number().int().min(2).max(1000).default(8),
  /** Default `{ mode: 'prefer' }`. */
  ssl: sslSchema.optional(),
  /** Milliseconds to a usable connection. Default 10,000. */
  connectTimeoutMs: milliseconds.default(10_000),
  /** Milliseconds after which an unused connection is closed. Default 30,000. */
  idleTimeoutMs: milliseconds.default(30_000),
  /** `auto` asks the server; the others refuse a server that is something else. Default `auto`. */
  product: z.enum(['auto', 'mysql', 'mariadb']).default('auto'),
  /**
   * What becomes of `0000-00-00` and dates with a zero month or day: `error` is SOURCE.UNREPRESENTABLE_VALUE, `null` reads them as
   * NULL. Default `error`.
   */
  zeroDates: z.enum(['error', 'null']).default('error'),
  /** Whether TINYINT(1), which is what BOOL is an alias of, is read as BOOLEAN (`<> 0`). Default false: TINYINT, and no value is lost. */
  tinyint1AsBoolean: z.boolean().default(false),
  /** Price of this server's work relative to local work. Default 1.2. */
  costMultiplier: z.number().positive().default(1.2),
  /** Round trip in milliseconds, for the cost model. Default 1. */
  latencyMs: z.number().nonnegative().default(1),
  /** Megabits per second, for the cost model. Default 1000. */
  bandwidthMbps: z.number().positive().default(1000),
});

/** Options of a MySQL or MariaDB source, as a configuration holds them. */
export type MySqlOptionsInput = z.input<typeof writtenOptions>;

/** Where to connect, with every default filled in. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly socketPath: string | undefined;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string | undefined;
  readonly ssl: z.output<typeof sslSchema>;
}

type AddressKeys = 'url' | 'host' | 'port' | 'socketPath' | 'user' | 'password' | 'database' | 'ssl';

/** The options with every default filled in. */
export type MySqlOptions = Omit<z.output<typeof writtenOptions>, AddressKeys> & {
  readonly server: ServerAddress;
};

export const optionsSchema = writtenOptions.transform((options, context): MySqlOptions => {
  const { url, host, port, socketPath, user, password, database, ssl, ...rest } = options;
  const fromUrl = url === undefined ? {} : parseConnectionUrl(url);
  if ('issue' in fromUrl) {
    context.addIssue({ code: 'custom', path: ['url'], message: fromUrl.issue });
    return z.NEVER;
  }
  const { sslMode = 'prefer' } = fromUrl;
  const mode = clientModes[sslMode] ?? sslModes.find((each) => each === sslMode);
  if (mode === undefined) {
    context.addIssue({
      code: 'custom',
      path: ['url'],
      message: `ssl-mode must be one of ${sslModes.join(', ')}`,
    });
    return z.NEVER;
  }
  return {
    ...rest,
    server: {
      host: host ?? fromUrl.host ?? 'localhost',
      port: port ?? fromUrl.port ?? 3306,
      socketPath: socketPath ?? fromUrl.socketPath,
      user: user ?? fromUrl.user ?? 'root',
      password: password ?? fromUrl.password,
      database: database ?? fromUrl.database,
      ssl: ssl ?? { mode },
    },
  };
});
