import type { OptionField } from '@tributary/connector-sdk';
import { z } from 'zod';

const secret = z.string().min(1);

/** Who asks, and where. */
export const azureOptions = z
  .strictObject({
    /** Name of the storage account. Default: the URL's, else `AZURE_STORAGE_ACCOUNT` of the environment. */
    account: z.string().min(1).optional(),
    /** One of the account's two keys. */
    accountKey: secret.optional(),
    /** A shared access signature, with or without `?` in front. It must allow reading and listing. */
    sasToken: secret.optional(),
    /** All of it in one, as the portal shows it. */
    connectionString: secret.optional(),
    /** Whether requests are not signed, as for public containers. */
    anonymous: z.boolean().optional(),
    /** URL of the account's Blob service, where it is not Azure's own: Azurite, a private cloud. */
    endpoint: z
      .url({ protocol: /^https?$/ })
      .refine((url) => !url.includes('?'), { error: 'has no query; a SAS token is sasToken' })
      .optional(),
  })
  .refine(
    ({ accountKey, sasToken, connectionString, anonymous }) =>
      [accountKey, sasToken, connectionString, anonymous === true ? '' : undefined].filter(
        (one) => one !== undefined,
      ).length <= 1,
    { error: 'of accountKey, sasToken, connectionString and anonymous, only one can hold' },
  )
  .refine(
    ({ connectionString, account, endpoint }) =>
      connectionString === undefined || (account === undefined && endpoint === undefined),
    { error: 'connectionString names account and endpoint already' },
  );

/** Who asks, and where; all of it optional. */
export type AzureOptions = z.output<typeof azureOptions>;

/** The same options for tools. */
export const azureFields: Readonly<Record<keyof AzureOptions, OptionField>> = {
  account: { description: "Storage account; the URL's, else AZURE_STORAGE_ACCOUNT's, when absent." },
  accountKey: {
    description: "The account's key; without any credentials, the environment's or Azure's default chain.",
    secret: true,
  },
  sasToken: { description: 'Shared access signature that allows reading and listing.', secret: true },
  connectionString: { description: 'Account, endpoint and credentials in one.', secret: true },
  anonymous: { description: 'Whether requests are not signed.', default: false },
  endpoint: { description: "URL of the Blob service, where it is not Azure's own." },
};
