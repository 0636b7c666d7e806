// A writer of its own process: `node commit-writer.mjs <table folder> <versions>`. Version n of its table has the files of the
// commits n - 4 to n, each with ten rows (id: the commit, v: 10 id + 0..9). Every twentieth commit gets a V2 checkpoint.
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parquetWriteBuffer } from 'hyparquet-writer';

const [folder = '', last = '0'] = process.argv.slice(2);
const log = join(folder, '_delta_log');
/** Milliseconds between commits, so that readers get to see some. */
const pace = 20;
const filesAtOnce = 5;
const rowsOfFile = 10;

const protocol = {
  minReaderVersion: 3,
  minWriterVersion: 7,
  readerFeatures: ['v2Checkpoint'],
  writerFeatures: ['v2Checkpoint'],
};
const field = (name) => ({ name, type: 'long', nullable: true, metadata: {} });
const metaData = {
  id: 'concurrent',
  format: { provider: 'parquet', options: {} },
  schemaString: JSON.stringify({ type: 'struct', fields: [field('id'), field('v')] }),
  partitionColumns: [],
  configuration: {},
};
/** The `add` of each file of the newest version. */
const live = new Map();

await mkdir(log, { recursive: true });
await commit(0, [{ protocol }, { metaData }]);
for (let version = 1; version <= Number(last); version++) {
  const add = await dataFile(version);
  const gone = version - filesAtOnce;
  const removed = live.get(gone);
  live.delete(gone);
  live.set(version, add);
  await commit(version, [
    { commitInfo: { operation: 'WRITE', timestamp: Date.now() } },
    { add },
    ...(removed === undefined ? [] : [{ remove: { path: removed.path, dataChange: true } }]),
  ]);
  if (version % 20 === 0) await checkpoint(version);
  await sleep(pace);
}

async function dataFile(version) {
  const rows = Array.from({ length: rowsOfFile }, (_, row) => BigInt(version * 10 + row));
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'id', data: rows.map(() => BigInt(version)), type: 'INT64' },
        { name: 'v', data: rows, type: 'INT64' },
      ],
    }),
  );
  const path = `part-${version}.parquet`;
  await writeFile(join(folder, path), bytes);
  const stats = {
    numRecords: rowsOfFile,
    minValues: { id: version, v: version * 10 },
    maxValues: { id: version, v: version * 10 + rowsOfFile - 1 },
    nullCount: { id: 0, v: 0 },
  };
  const common = { partitionValues: {}, modificationTime: Date.now(), dataChange: true };
  return { path, size: bytes.length, ...common, stats: JSON.stringify(stats) };
}

/** As Delta's writers do: the file appears whole or not at all, and never in the place of another one. */
async function commit(version, actions) {
  const temporary = join(log, `.${version}.tmp`);
  await writeFile(temporary, lines(actions));
  await link(temporary, join(log, `${padded(version)}.json`));
  await rm(temporary);
}

async function checkpoint(version) {
  const name = `${padded(version)}.checkpoint.00000000-0000-4000-8000-${String(version).padStart(12, '0')}.json`;
  const adds = [...live.values()].map((add) => ({ add }));
  await appear(name, lines([{ checkpointMetadata: { version } }, { protocol }, { metaData }, ...adds]));
  await appear('_last_checkpoint', JSON.stringify({ version, size: adds.length + 3 }));
}

async function appear(name, text) {
  const temporary = join(log, '.checkpoint.tmp');
  await writeFile(temporary, text);
  await rename(temporary, join(log, name));
}

function lines(actions) {
  return actions.map((action) => `${JSON.stringify(action)}\n`).join('');
}

function padded(version) {
  return String(version).padStart(20, '0');
}
