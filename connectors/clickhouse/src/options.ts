import { tlsMaterialIssue } from '@tributary/connector-sdk';
import { z } from 'zod';
import { pinnedSettings } from './execute/settings.js';
import { parseServerUrl } from './server-url.js';

const milliseconds = z.number().int().positive();

const tlsFields = z.strictObject({
  /** PEM text of the authority that has signed the server's certificate. Without it Node's bundle of authorities. */
  ca: z.string().optional(),
  cert: z.string().optional(),
  key: z.string().optional(),
});

const tlsSchema = tlsFields.superRefine((tls, context) => {
  const issue = tlsMaterialIssue(tls);
  if (issue !== undefined) context.addIssue({ code: 'custom', path: [issue.option], message: issue.message });
});

const fields = z.strictObject({
  /** `http://user:password@host:8123/database`, or `https://`; single options override its parts. */
  url: z.string().min(1).optional(),
  /** Name or address. Default `localhost`. */
  host: z.string().min(1).optional(),
  /** Of the HTTP interface. Default 8123, with TLS 8443. */
  port: z.number().int().min(1).max(65_535).optional(),
  /** Default `default`. */
  user: z.string().min(1).optional(),
  password: z.string().optional(),
  /** Where one-part names are looked up first. Default `default`. */
  database: z.string().min(1).optional(),
  /** Databases that are listed. Default: all but the server's own. */
  databases: z.array(z.string().min(1)).min(1).optional(),
  /** `true`, or certificates. Default: as the URL says, else false. */
  tls: z.union([z.boolean(), tlsSchema]).optional(),
  /** Compression of answers in Parquet: fewer bytes to move and to spool, which cost little to make. Default `lz4`. */
  compression: z.enum(['none', 'lz4', 'zstd']).default('lz4'),
  /** Further settings of every query, for example `{ max_threads: 4 }`. Those that would change answers are refused. */
  settings: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .superRefine((settings, context) => {
      for (const name of Object.keys(settings).filter((each) => each in pinnedSettings)) {
        context.addIssue({ code: 'custom', path: [name], message: 'is pinned: it would change answers' });
      }
    }),
  /** Most requests at once. Default 10. */
  maxConnections: z.number().int().min(2).max(1000).default(10),
  /** Milliseconds without a byte after which a request has failed. Default 300,000. */
  idleTimeoutMs: milliseconds.default(300_000),
  /**
   * How FixedString is read: `varchar` without the zero bytes that pad it, `blob` byte by byte. Default `varchar`.
   */
  fixedString: z.enum(['varchar', 'blob']).default('varchar'),
  /**
   * How DateTime64 of more than six fractional digits is read: `varchar` keeps them as text, `truncate` makes TIMESTAMP WITH TIME ZONE
   * of the first six. Default `varchar`.
   */
  nanoseconds: z.enum(['varchar', 'truncate']).default('varchar'),
  /** Price of this server's work relative to local work. Default 1. */
  costMultiplier: z.number().positive().default(1),
  /** Round trip in milliseconds, for the cost model. Default 3. */
  latencyMs: z.number().nonnegative().default(3),
  /** Megabits per second, for the cost model. Default 1000. */
  bandwidthMbps: z.number().positive().default(1000),
});

/** Options of a ClickHouse source, as a configuration holds them. */
export type ClickhouseOptionsInput = z.input<typeof fields>;

/** Where to connect, with every default filled in. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: false | z.output<typeof tlsSchema>;
}

export type ClickhouseOptions = Omit<
  z.output<typeof fields>,
  'url' | 'host' | 'port' | 'user' | 'password' | 'database' | 'tls'
> & { readonly server: ServerAddress };

export const optionsSchema = fields.transform((options, context): ClickhouseOptions => {
  const { url, host, port, user, password, database, tls, ...rest } = options;
  const fromUrl = url === undefined ? {} : parseServerUrl(url);
  if ('issue' in fromUrl) {
    context.addIssue({ code: 'custom', path: ['url'], message: fromUrl.issue });
    return z.NEVER;
  }
  const wanted = tls ?? fromUrl.tls ?? false;
  const certificates = wanted === true ? {} : wanted;
  return {
    ...rest,
    server: {
      host: host ?? fromUrl.host ?? 'localhost',
      port: port ?? fromUrl.port ?? (certificates === false ? 8123 : 8443),
      user: user ?? fromUrl.user ?? 'default',
      password: password ?? fromUrl.password ?? '',
      database: database ?? fromUrl.database ?? 'default',
      tls: certificates,
    },
  };
});
