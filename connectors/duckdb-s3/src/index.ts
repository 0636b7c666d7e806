import { resolve } from 'node:path';
import { type Connector, type IFederatedDataSource, defineConnector } from '@tributary/connector-sdk';
import { createLocalFolderSource } from '@tributary/lake';
import { lakeFields } from './option-fields.js';
import { type LakeOptions, lakeOptions } from './options.js';

export type { LakeOptions };

const connectorName = 'duckdb-s3';

/**
 * Makes a source of a folder of Parquet, CSV and NDJSON files. No file is touched before the first call.
 *
 * ```ts
 * const lake = createLakeSource('lake', { root: './data' });
 * ```
 */
export function createLakeSource(sourceId: string, options: LakeOptions): IFederatedDataSource {
  const { baseDirectory = process.cwd(), tables, maxFiles } = options;
  const root = resolve(baseDirectory, options.root);
  return createLocalFolderSource({ sourceId, connector: connectorName, root, tables, maxFiles });
}

/** The connector as configurations name it: `connector: duckdb-s3`. */
export const duckdbS3: Connector<LakeOptions> = defineConnector<LakeOptions>({
  name: connectorName,
  sdkVersion: '^1.0',
  configSchema: lakeOptions,
  fields: lakeFields,
  create: createLakeSource,
});
