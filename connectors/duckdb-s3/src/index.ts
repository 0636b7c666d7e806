import { type Connector, type IFederatedDataSource, defineConnector } from '@tributary/connector-sdk';
import { lakeFields } from './option-fields.js';
import { type LakeOptions, lakeOptions } from './options.js';
import { LakeSource, connectorName } from './source.js';

export type { LakeOptions };

/**
 * Makes a source of a folder of Parquet, CSV and NDJSON files. No file is touched before the first call.
 *
 * ```ts
 * const lake = createLakeSource('lake', { root: './data' });
 * ```
 */
export function createLakeSource(sourceId: string, options: LakeOptions): IFederatedDataSource {
  return new LakeSource(sourceId, options);
}

/** The connector as configurations name it: `connector: duckdb-s3`. */
export const duckdbS3: Connector<LakeOptions> = defineConnector<LakeOptions>({
  name: connectorName,
  sdkVersion: '^1.0',
  configSchema: lakeOptions,
  fields: lakeFields,
  create: createLakeSource,
});
