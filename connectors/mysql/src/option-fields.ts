import type { OptionField } from '@tributary/connector-sdk';

/** The options for tools; `options.ts` checks them. */
export const optionFields: Readonly<Record<string, OptionField>> = {
  url: {
    description: 'mysql://user:password@host:3306/database?ssl-mode=…; single options override its parts.',
    secret: true,
  },
  host: { description: 'Name or address of the server.', default: 'localhost' },
  port: { description: 'Port of the server.', default: 3306 },
  user: { description: 'Account to log in as.', default: 'root' },
  password: { description: "The account's password.", secret: true },
  database: { description: 'Database where one-part table names are looked up first.' },
  socketPath: { description: 'Path of a Unix socket, instead of host and port.' },
  databases: {
    description: 'Databases that are listed, and the order in which one-part names are looked up.',
  },
  poolSize: { description: 'Most connections at once.', default: 8 },
  ssl: { description: 'How the connection is encrypted.' },
  'ssl.mode': {
    description: 'disable, prefer, require, verify-ca or verify-full.',
    default: 'prefer',
  },
  'ssl.ca': { description: 'Certificates of the authorities that are trusted, as PEM text.' },
  'ssl.cert': { description: "The client's certificate, as PEM text." },
  'ssl.key': { description: "The client's key, as PEM text.", secret: true },
  connectTimeoutMs: { description: 'Milliseconds to a usable connection.', default: 10_000 },
  idleTimeoutMs: { description: 'Milliseconds after which an unused connection is closed.', default: 30_000 },
  product: { description: 'mysql, mariadb, or auto to ask the server.', default: 'auto' },
  zeroDates: { description: 'What 0000-00-00 becomes: error or null.', default: 'error' },
  tinyint1AsBoolean: { description: 'Whether TINYINT(1) is read as BOOLEAN.', default: false },
  costMultiplier: { description: "Price of this server's work relative to local work.", default: 1.2 },
  latencyMs: { description: 'Round trip in milliseconds, for the cost model.', default: 1 },
  bandwidthMbps: { description: 'Megabits per second, for the cost model.', default: 1000 },
};
