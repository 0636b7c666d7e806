import type { StoreKind } from '@tributary/lake';
import { azureAccount } from './azure-account.js';
import { azureClient } from './azure-client.js';
import { type AzureOptions, azureFields, azureOptions } from './azure-options.js';
import { azureStore } from './azure-store.js';
import { parseAzureUrl } from './azure-url.js';

/** Containers of Azure Blob Storage and Data Lake Storage, and of servers that speak their protocol. */
export const azureStores: StoreKind<AzureOptions> = {
  form: 'azure://container/prefix',
  options: azureOptions,
  fields: azureFields,
  isUrl: (url) => parseAzureUrl(url) !== undefined,
  open(url, options, sourceId) {
    const place = parseAzureUrl(url);
    if (place === undefined) throw new TypeError(`not of the form ${azureStores.form}`);
    const account = azureAccount(place, options, sourceId);
    return {
      store: azureStore(sourceId, azureClient(account, place.container), account.account),
      prefix: place.prefix,
      endpoint: account.endpoint,
    };
  },
};
