import { type Connector, type IFederatedDataSource, defineConnector } from '@tributary/connector-sdk';
import { createObjectSource, fieldsBelow, storeOptionFields, storeOptionShape } from '@tributary/lake';
import { azureStores } from '@tributary/store-azure';
import { z } from 'zod';

const connectorName = 'azure';

const options = z.strictObject({
  /** `azure://container/prefix`, or another URL that Azure's tools have for it. */
  root: z
    .string()
    .refine((root) => !root.includes('?'), {
      error: 'has a query; a SAS token is azure.sasToken',
      abort: true,
    })
    .refine((root) => azureStores.isUrl(root), { error: `not of the form ${azureStores.form}` }),
  /** What a relative cache folder is relative to. Default: the working directory. */
  baseDirectory: z.string().min(1).optional(),
  /** Credentials and place of the store. */
  azure: azureStores.options.optional(),
  ...storeOptionShape,
});

/** Options of the connector, as in a configuration. */
export type AzureSourceOptions = z.input<typeof options>;

/**
 * Makes a source of Parquet, CSV and NDJSON files in a container of Azure Blob Storage or Data Lake Storage. Nothing is read before the
 * first call.
 *
 * ```ts
 * const archive = createAzureSource('archive', { root: 'abfss://events@company.dfs.core.windows.net/2025' });
 * ```
 *
 * @throws TributaryError CONFIG.INVALID when neither the options nor the environment name an account
 */
export function createAzureSource(
  sourceId: string,
  { root, baseDirectory = process.cwd(), azure = {}, ...others }: AzureSourceOptions,
): IFederatedDataSource {
  return createObjectSource({
    ...others,
    ...azureStores.open(root, azure, sourceId),
    sourceId,
    connector: connectorName,
    baseDirectory,
  });
}

/** The connector as configurations name it: `connector: azure`. */
export const azure: Connector<AzureSourceOptions> = defineConnector<AzureSourceOptions>({
  name: connectorName,
  sdkVersion: '^1.0',
  configSchema: options,
  fields: {
    root: { description: `${azureStores.form}, or another URL that Azure's tools have for it.` },
    baseDirectory: { description: 'What a relative cache folder is relative to.', file: true },
    azure: { description: 'Credentials and place of the store.' },
    ...fieldsBelow('azure', azureStores.fields),
    ...storeOptionFields,
  },
  create: createAzureSource,
});
