import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

interface FileAction {
  readonly path: string;
  readonly deletionVector?: { readonly pathOrInlineDv: string; readonly offset?: number };
}

interface Line {
  readonly add?: FileAction;
  readonly remove?: FileAction;
  readonly protocol?: object;
  readonly metaData?: object;
}

const vector = `STRUCT("storageType" VARCHAR, "pathOrInlineDv" VARCHAR, "offset" INTEGER, "sizeInBytes" INTEGER, cardinality BIGINT)`;

/** Columns of a checkpoint (Delta protocol, "Checkpoint Schema"). */
const columns = {
  protocol: `STRUCT("minReaderVersion" INTEGER, "minWriterVersion" INTEGER, "readerFeatures" VARCHAR[], "writerFeatures" VARCHAR[])`,
  metaData: `STRUCT(id VARCHAR, format STRUCT(provider VARCHAR, options MAP(VARCHAR, VARCHAR)), "schemaString" VARCHAR,
    "partitionColumns" VARCHAR[], configuration MAP(VARCHAR, VARCHAR))`,
  add: `STRUCT(path VARCHAR, "partitionValues" MAP(VARCHAR, VARCHAR), size BIGINT, "modificationTime" BIGINT, "dataChange" BOOLEAN,
    stats VARCHAR, "deletionVector" ${vector})`,
};

/** Replaces a table's commits by a checkpoint of its newest version, as a log clean-up does. */
export async function writeCheckpoint(table: string): Promise<void> {
  const log = join(table, '_delta_log');
  const commits = (await readdir(log)).filter((name) => /^\d{20}\.json$/.test(name)).toSorted();
  const live = new Map<string, Line>();
  const kinds = new Map<string, Line>();
  for (const commit of commits) {
    const text = await readFile(join(log, commit), 'utf8');
    const lines = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Line => JSON.parse(line));
    for (const { remove } of lines) if (remove !== undefined) live.delete(identity(remove));
    for (const line of lines) {
      if (line.add !== undefined) live.set(identity(line.add), line);
      if (line.protocol !== undefined) kinds.set('protocol', line);
      if (line.metaData !== undefined) kinds.set('metaData', line);
    }
    await rm(join(log, commit));
  }
  const version = commits.at(-1)?.slice(0, 20) ?? '';
  const actions = join(table, 'actions.json');
  await writeFile(
    actions,
    [...kinds.values(), ...live.values()].map((line) => JSON.stringify(line)).join('\n'),
  );
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  const types = Object.entries(columns).map(([name, type]) => `"${name}": '${type}'`);
  await duckdb.run(
    `COPY (FROM read_json('${actions}', format = 'newline_delimited', columns = {${types.join(', ')}}))
      TO '${join(log, `${version}.checkpoint.parquet`)}' (FORMAT parquet)`,
  );
  duckdb.closeSync();
  await rm(actions);
}

function identity({ path, deletionVector: deleted }: FileAction): string {
  return `${path} ${deleted === undefined ? '' : `${deleted.pathOrInlineDv}@${deleted.offset ?? ''}`}`;
}
