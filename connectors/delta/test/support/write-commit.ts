import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a commit of a table by hand: one action a line. */
export async function writeCommit(table: string, version: number, actions: readonly object[]): Promise<void> {
  const log = join(table, '_delta_log');
  await mkdir(log, { recursive: true });
  const lines = actions.map((action) => JSON.stringify(action)).join('\n');
  await writeFile(join(log, `${String(version).padStart(20, '0')}.json`), `${lines}\n`);
}

export interface WrittenField {
  readonly name: string;
  readonly type: unknown;
  readonly metadata?: object;
}

/** The action that gives a table its columns. */
export function metaDataOf(
  fields: readonly WrittenField[],
  partitionColumns: readonly string[] = [],
  configuration: Readonly<Record<string, string>> = {},
): object {
  const schema = {
    type: 'struct',
    fields: fields.map(({ metadata = {}, ...field }) => ({ ...field, nullable: true, metadata })),
  };
  const format = { provider: 'parquet', options: {} };
  const schemaString = JSON.stringify(schema);
  return { metaData: { id: 't', format, schemaString, partitionColumns, configuration } };
}
