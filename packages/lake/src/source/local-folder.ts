import { resolve } from 'node:path';
import type { IFederatedDataSource } from '@tributary/connector-sdk';
import { openLocalTree } from '../files/local-tree.js';
import { FileTables } from '../table/file-tables.js';
import { createFileSource } from './file-source.js';
import { inPlace, localCost } from './in-place.js';
import type { TableOptions } from './table-options.js';

export const defaultMaxFiles = 100_000;

export interface LocalFolderOptions {
  readonly sourceId: string;
  readonly connector: string;
  /** Relative to the working directory. */
  readonly root: string;
  readonly tables?: Readonly<Record<string, TableOptions>> | undefined;
  /** Most files of one listing. Default 100,000. */
  readonly maxFiles?: number | undefined;
}

/** A folder of this machine as a source. No file is touched before the first call. */
export function createLocalFolderSource(options: LocalFolderOptions): IFederatedDataSource {
  const { sourceId, connector, tables, maxFiles = defaultMaxFiles } = options;
  const root = resolve(options.root);
  const access = inPlace(sourceId, root);
  return createFileSource({
    sourceId,
    connector,
    access,
    cost: localCost,
    tables: new FileTables({
      sourceId,
      location: root,
      access,
      tables,
      openTree: ({ signal }) => openLocalTree(root, { sourceId, maxFiles, signal }),
      clear: () => undefined,
    }),
  });
}
