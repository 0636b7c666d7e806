import type { OptionField } from '@tributary/connector-sdk';

/** The options for tools; `options.ts` checks them. */
export const optionFields: Readonly<Record<string, OptionField>> = {
  url: {
    description: 'http://user:password@host:8123/database, or https://; single options override its parts.',
    secret: true,
  },
  host: { description: 'Name or address of the server.', default: 'localhost' },
  port: { description: 'Port of the HTTP interface; with TLS 8443.', default: 8123 },
  user: { description: 'User to log in as.', default: 'default' },
  password: { description: "The user's password.", secret: true },
  database: { description: 'Where one-part names are looked up first.', default: 'default' },
  databases: { description: "Databases that are listed; without it, all but the server's own." },
  tls: { description: 'true, or certificates; without it, as the URL says.' },
  'tls.ca': { description: "Certificate of the authority that has signed the server's, as PEM text." },
  'tls.cert': { description: "The client's certificate, as PEM text; logs in where there is no password." },
  'tls.key': { description: "The client's key, as PEM text.", secret: true },
  compression: { description: 'Compression of answers in Parquet: none, lz4 or zstd.', default: 'lz4' },
  settings: { description: 'Further settings of every query, such as max_threads or final.' },
  maxConnections: { description: 'Most requests at once.', default: 10 },
  idleTimeoutMs: {
    description: 'Milliseconds without a byte after which a request has failed.',
    default: 300_000,
  },
  fixedString: { description: 'How FixedString is read: varchar or blob.', default: 'varchar' },
  nanoseconds: {
    description: 'How DateTime64 beyond microseconds is read: varchar or truncate.',
    default: 'varchar',
  },
  costMultiplier: { description: "Price of this server's work relative to local work.", default: 1 },
  latencyMs: { description: 'Round trip in milliseconds, for the cost model.', default: 3 },
  bandwidthMbps: { description: 'Megabits per second, for the cost model.', default: 1000 },
};
