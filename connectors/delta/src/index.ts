import { type Connector, defineConnector } from '@tributary/connector-sdk';
import { connectorName, createDeltaSource } from './delta-source.js';
import { deltaFields } from './option-fields.js';
import { type DeltaOptions, type DeltaTableOptions, deltaOptions } from './options.js';

export { createDeltaObjectSource, createDeltaSource, type DeltaObjectOptions } from './delta-source.js';
export type { DeltaOptions, DeltaTableOptions };

/** The connector as configurations name it: `connector: delta`. */
export const delta: Connector<DeltaOptions> = defineConnector<DeltaOptions>({
  name: connectorName,
  sdkVersion: '^1.0',
  configSchema: deltaOptions,
  fields: deltaFields,
  create: createDeltaSource,
});
