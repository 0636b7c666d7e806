import { resolve } from 'node:path';
import { type Connector, type IFederatedDataSource, defineConnector } from '@tributary/connector-sdk';
import { createLocalFolderSource, createObjectSource } from '@tributary/lake';
import { s3Stores } from '@tributary/store-s3';
import { lakeFields } from './option-fields.js';
import { type LakeOptions, lakeOptions } from './options.js';

export type { LakeOptions };

const connectorName = 'duckdb-s3';

/**
 * Makes a source of a folder of Parquet, CSV and NDJSON files, on this machine or in an S3 store. Nothing is read before the first
 * call.
 *
 * ```ts
 * const lake = createLakeSource('lake', { root: './data' });
 * const far = createLakeSource('far', { root: 's3://bucket/prefix', s3: { region: 'eu-central-1' } });
 * ```
 */
export function createLakeSource(sourceId: string, options: LakeOptions): IFederatedDataSource {
  const { root, baseDirectory = process.cwd(), s3 = {}, ...others } = options;
  const shared = { ...others, sourceId, connector: connectorName };
  return s3Stores.isUrl(root)
    ? createObjectSource({ ...shared, baseDirectory, ...s3Stores.open(root, s3, sourceId) })
    : createLocalFolderSource({ ...shared, root: resolve(baseDirectory, root) });
}

/** The connector as configurations name it: `connector: duckdb-s3`. */
export const duckdbS3: Connector<LakeOptions> = defineConnector<LakeOptions>({
  name: connectorName,
  sdkVersion: '^1.0',
  configSchema: lakeOptions,
  fields: lakeFields,
  create: createLakeSource,
});
