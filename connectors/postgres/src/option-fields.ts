import type { OptionField } from '@tributary/contract/source';

/** The options for tools; `options.ts` checks them. */
export const optionFields: Readonly<Record<string, OptionField>> = {
  url: {
    description: 'postgres://user:password@host:port/database?sslmode=…; single options override its parts.',
    secret: true,
  },
  host: {
    description: 'Name or address of the server; an absolute path is the directory of a Unix socket.',
    default: 'localhost',
  },
  port: { description: 'Port of the server.', default: 5432 },
  user: { description: 'Role to log in as.', default: 'postgres' },
  password: { description: "The role's password.", secret: true },
  database: { description: "Database to read; without it, the one of the user's name." },
  schemas: { description: 'Schemas that are listed, and the order in which one-part names are looked up.' },
  poolSize: { description: 'Most connections at once.', default: 8 },
  ssl: { description: 'How the connection is encrypted.' },
  'ssl.mode': {
    description: 'disable, prefer, require, verify-ca or verify-full, as in libpq.',
    default: 'prefer',
  },
  'ssl.ca': { description: 'Certificates of the authorities that are trusted, as PEM text.' },
  'ssl.cert': { description: "The client's certificate, as PEM text." },
  'ssl.key': { description: "The client's key, as PEM text.", secret: true },
  pooler: {
    description: 'none, or session where a pooler stands before the server that keeps sessions whole.',
    default: 'none',
  },
  connectTimeoutMs: { description: 'Milliseconds to a usable connection.', default: 10_000 },
  idleTimeoutMs: { description: 'Milliseconds after which an unused connection is closed.', default: 30_000 },
  applicationName: { description: 'Shown in pg_stat_activity.', default: 'tributary' },
  unconstrainedNumeric: {
    description: 'How NUMERIC without a declared precision is read: decimal, double or varchar.',
    default: 'decimal',
  },
  fetchConnections: { description: 'Connections that read one large table together.', default: 3 },
  minSplitRows: {
    description: 'Estimated result rows from which a table is read by several connections.',
    default: 100_000,
  },
  costMultiplier: { description: "Price of this server's work relative to local work.", default: 1.2 },
  latencyMs: { description: 'Round trip in milliseconds, for the cost model.', default: 1 },
  bandwidthMbps: { description: 'Megabits per second, for the cost model.', default: 1000 },
};
