export type { AzureOptions } from './azure-options.js';
export { azureStores } from './azure-stores.js';
