import { resolve } from 'node:path';
import { type Connector, type IFederatedDataSource, defineConnector } from '@tributary/connector-sdk';
import { createObjectSource, fieldsBelow, storeOptionFields, storeOptionShape } from '@tributary/lake';
import { gcsStores } from '@tributary/store-gcs';
import { z } from 'zod';

const connectorName = 'gcs';

const options = z.strictObject({
  /** `gs://bucket/prefix`. */
  root: z.string().refine((root) => gcsStores.isUrl(root), { error: `not of the form ${gcsStores.form}` }),
  /** What relative paths of the other options are relative to. Default: the working directory. */
  baseDirectory: z.string().min(1).optional(),
  /** Credentials and place of the store. */
  gcs: gcsStores.options.optional(),
  ...storeOptionShape,
});

/** Options of the connector, as in a configuration. */
export type GcsSourceOptions = z.input<typeof options>;

/**
 * Makes a source of Parquet, CSV and NDJSON files in a bucket of Google Cloud Storage. Nothing is read before the first call.
 *
 * ```ts
 * const archive = createGcsSource('archive', { root: 'gs://company-archive/events' });
 * ```
 */
export function createGcsSource(
  sourceId: string,
  { root, baseDirectory = process.cwd(), gcs = {}, ...others }: GcsSourceOptions,
): IFederatedDataSource {
  const { keyFilename } = gcs;
  const place = {
    ...gcs,
    ...(keyFilename !== undefined && { keyFilename: resolve(baseDirectory, keyFilename) }),
  };
  return createObjectSource({
    ...others,
    ...gcsStores.open(root, place, sourceId),
    sourceId,
    connector: connectorName,
    baseDirectory,
  });
}

/** The connector as configurations name it: `connector: gcs`. */
export const gcs: Connector<GcsSourceOptions> = defineConnector<GcsSourceOptions>({
  name: connectorName,
  sdkVersion: '^1.0',
  configSchema: options,
  fields: {
    root: { description: `${gcsStores.form}.` },
    baseDirectory: { description: 'What relative paths of the other options are relative to.', file: true },
    gcs: { description: 'Credentials and place of the store.' },
    ...fieldsBelow('gcs', gcsStores.fields),
    ...storeOptionFields,
  },
  create: createGcsSource,
});
