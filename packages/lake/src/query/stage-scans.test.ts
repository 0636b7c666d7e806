import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type SpoolDirectory, simpleType } from '@tributary/connector-sdk';
import type { FileScan } from '../prune/prune.js';
import type { FileAccess } from '../source/file-access.js';
import { localStore } from '../store/local-store.js';
import type { DescribedFile, LakeColumn } from '../table/lake-table.js';
import { stageScans } from './stage-scans.js';

const integer = simpleType('integer');
const wanted: readonly LakeColumn[] = [
  { name: 'x', type: integer, nativeType: '', nullable: true, comparison: 'ordered', origin: 'file' },
];

/** A scan of a file with ten rows, and one deleted among them; without a column it is only counted. */
function scanOf(name: string, columns: readonly string[], rows: () => Promise<readonly number[]>): FileScan {
  const rowGroups = [{ rows: 10, columns: new Map() }];
  const file: DescribedFile = {
    file: { key: name, path: name, size: 1, etag: 'e', partition: new Map() },
    partition: new Map(),
    description: {
      columns: columns.map((column) => ({ name: column, type: integer, nullable: true })),
      shape: '',
      estimatedRows: 10,
      details: { kind: 'parquet', footer: { rows: 10, columns: [], rowGroups, bytes: new Uint8Array() } },
    },
    deleted: { id: name, count: 1, rows },
  };
  return { file, groups: [0], totalGroups: 1, rows: 9, exact: true, bytes: 1 };
}

test.each([
  ['a later file cannot be counted', '', 'no vector'],
  ['they cannot be written', 'gone', 'ENOENT'],
])('what deletions took of the spool is given back when %s', async (_, folder, why) => {
  const root = await mkdtemp(join(tmpdir(), 'stage-'));
  let reserved = 0;
  let most = 0;
  const spool: SpoolDirectory = {
    newFile: (extension) => join(root, folder, `deletions${extension}`),
    reserve: (bytes) => {
      reserved += bytes;
      most = Math.max(most, reserved);
    },
    release: (bytes) => {
      reserved -= bytes;
    },
  };
  let releases = 0;
  const access: FileAccess = {
    store: localStore(root, 'lake'),
    parallel: 1,
    isRemote: true,
    stage: async (scans) => ({
      files: scans.map(({ file }) => ({ kind: 'read', file, path: file.file.path })),
      slim: true,
      release: async () => {
        releases += 1;
      },
    }),
    localDirectories: () => [],
    close: () => Promise.resolve(),
  };
  try {
    const scans = [
      scanOf('read', ['x'], async () => [3]),
      scanOf('counted', [], () => Promise.reject(new Error('no vector'))),
    ];
    const { signal } = new AbortController();
    const context = { signal, spool, onProgress: () => undefined };
    await expect(stageScans(scans, wanted, { access, sourceId: 'lake', ctx: context })).rejects.toThrow(why);
    expect(most).toBeGreaterThan(0);
    expect({ reserved, releases, files: await readdir(root) }).toEqual({
      reserved: 0,
      releases: 1,
      files: [],
    });
  } finally {
    await rm(root, { recursive: true });
  }
});
