import { resolve } from 'node:path';
import { type Connector, type IFederatedDataSource, defineConnector } from '@tributary/connector-sdk';
import { createLocalFolderSource, createObjectSource } from '@tributary/lake';
import { lakeFields } from './option-fields.js';
import { type LakeOptions, lakeOptions } from './options.js';
import { s3Client } from './s3/s3-client.js';
import { parseS3Url } from './s3/s3-options.js';
import { s3Store } from './s3/s3-store.js';

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
  const { root, baseDirectory = process.cwd(), s3 = {}, tables, maxFiles, ...storeOptions } = options;
  const place = parseS3Url(root);
  if (place === undefined) {
    const folder = resolve(baseDirectory, root);
    return createLocalFolderSource({ sourceId, connector: connectorName, root: folder, tables, maxFiles });
  }
  const { bucket, prefix } = place;
  const { cache } = storeOptions;
  const store = s3Store({ sourceId, client: s3Client(s3), bucket, endpoint: s3.endpoint });
  return createObjectSource({
    ...storeOptions,
    ...(cache !== undefined && { cache: cache && placed(cache, baseDirectory) }),
    sourceId,
    connector: connectorName,
    store,
    endpoint: s3.endpoint,
    prefix,
    tables,
    maxFiles,
  });
}

/** A relative cache folder is relative to what the root would be. */
function placed<C extends { readonly directory?: string | undefined }>(cache: C, baseDirectory: string): C {
  const { directory } = cache;
  return directory === undefined ? cache : { ...cache, directory: resolve(baseDirectory, directory) };
}

/** The connector as configurations name it: `connector: duckdb-s3`. */
export const duckdbS3: Connector<LakeOptions> = defineConnector<LakeOptions>({
  name: connectorName,
  sdkVersion: '^1.0',
  configSchema: lakeOptions,
  fields: lakeFields,
  create: createLakeSource,
});
