import { resolve } from 'node:path';
import {
  type Classify,
  type Connector,
  type ErrorClass,
  defineConnector,
  sourceError,
} from '@tributary/connector-sdk';
import { createSqlSource } from '@tributary/connector-sdk/sql';
import { z } from 'zod';
import { sqliteDialect } from './dialect.js';
import { sqliteDriver } from './driver.js';

const options = z.strictObject({ file: z.string().min(1) });

/** Result codes of SQLite (https://sqlite.org/rescode.html), the primary ones. */
const codes: Readonly<Record<number, ErrorClass>> = {
  5: { code: 'SOURCE.QUERY_FAILED', retryable: true },
  11: { code: 'SOURCE.CORRUPT_DATA' },
  14: { code: 'SOURCE.UNREACHABLE', retryable: false, fix: 'Check the path of the file.' },
  26: { code: 'SOURCE.CORRUPT_DATA', fix: 'Name a file that SQLite has written.' },
};

const classify: Classify = (error, origin) => {
  const message = error instanceof Error ? error.message : '';
  if (/^no such (table|column)/.test(message))
    return sourceError(error, { code: 'SOURCE.MISSING_OBJECT' }, origin);
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return sourceError(error, codes[code] ?? { code: 'SOURCE.QUERY_FAILED' }, origin);
};

/** `{ connector: sqlite, file: data.db }` */
export const sqlite: Connector<z.output<typeof options>> = defineConnector({
  name: 'sqlite',
  sdkVersion: '^1.0',
  configSchema: options,
  fields: { file: { description: 'Path of the database file.', file: true } },
  create: (sourceId, { file }) =>
    createSqlSource({
      sourceId,
      connector: 'sqlite',
      latencyMs: 0.1,
      bandwidthMbps: 2000,
      costMultiplier: 1,
      computeContext: `sqlite:${resolve(file)}`,
      capabilities: {
        kind: 'sql',
        dialect: sqliteDialect,
        joins: ['inner', 'left', 'semi', 'anti'],
        setOperations: ['union-all'],
        aggregate: true,
        groupingSets: false,
        distinct: true,
        distinctOn: false,
        window: false,
        sort: true,
        limit: true,
        offset: true,
        values: false,
        with: false,
        dependentJoin: false,
        keySets: { maxKeys: 10_000, multiColumn: false },
      },
      driver: sqliteDriver(file),
      classify,
    }),
});
