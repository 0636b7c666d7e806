import {
  type CallContext,
  type IFederatedDataSource,
  type RemoteTableName,
  TributaryError,
  simpleType,
} from '@tributary/connector-sdk';
import { type PlainTable, createPlainSource } from '@tributary/connector-sdk/plain';
import { type CommitEntry, history } from '../log/commit-times.js';
import type { DeltaTables } from './delta-tables.js';
import { historyName, historyOf } from './table-reference.js';

const columns: PlainTable['columns'] = [
  { name: 'version', type: simpleType('bigint'), nullable: false },
  { name: 'timestamp', type: simpleType('timestamptz'), nullable: false },
  { name: 'operation', type: simpleType('varchar') },
  { name: 'operation_parameters', type: simpleType('json') },
  { name: 'operation_metrics', type: simpleType('json') },
  { name: 'user_name', type: simpleType('varchar') },
  { name: 'engine_info', type: simpleType('varchar') },
];

/** `events$history` of every table `events`: a row for each commit that the log still has, newest first. */
export function createHistorySource(
  sourceId: string,
  connector: string,
  tables: DeltaTables,
): IFederatedDataSource {
  return createPlainSource({
    sourceId,
    connector,
    reader: {
      tables: async (ctx) => (await tables.list(ctx)).map((name) => historyTable(name)),
      read: async ({ table, columns: wanted }, ctx) => ({
        kind: 'rows',
        rows: rows(
          await commits(table.table, tables, ctx),
          wanted.map(({ name }) => name),
        ),
      }),
    },
  });
}

function historyTable({ schema, name }: { readonly schema?: string; readonly name: string }): PlainTable {
  return {
    table: { ...(schema !== undefined && { schema }), name: historyName(name), kind: 'files' },
    columns,
  };
}

async function commits(
  { schema, name }: RemoteTableName,
  tables: DeltaTables,
  ctx: CallContext,
): Promise<AsyncIterable<readonly CommitEntry[]>> {
  const path = historyOf(schema === undefined ? [name] : [schema, name]) ?? [];
  const found = await tables.find(path, ctx);
  const log = await found?.log.files(ctx);
  if (found !== undefined && log !== undefined) return history(log.files, log.latest, found.log.place, ctx);
  throw new TributaryError('SOURCE.MISSING_OBJECT', {
    message: `Delta table ${path.join('.')} has gone.`,
    object: path.join('.'),
  });
}

async function* rows(pages: AsyncIterable<readonly CommitEntry[]>, wanted: readonly string[]) {
  for await (const page of pages) {
    yield page.map((commit) => {
      const row = rowOf(commit);
      return wanted.map((name) => row.get(name) ?? null);
    });
  }
}

function rowOf({ version, timestamp, info }: CommitEntry): ReadonlyMap<string, string | bigint | undefined> {
  const json = (value: unknown): string | undefined =>
    value === undefined ? undefined : JSON.stringify(value);
  return new Map<string, string | bigint | undefined>([
    ['version', BigInt(version)],
    ['timestamp', new Date(timestamp).toISOString()],
    ['operation', info?.operation],
    ['operation_parameters', json(info?.operationParameters)],
    ['operation_metrics', json(info?.operationMetrics)],
    ['user_name', info?.userName],
    ['engine_info', info?.engineInfo],
  ]);
}
