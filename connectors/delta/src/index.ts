import { type Connector, defineConnector } from '@tributary/connector-sdk';
import { connectorName, createDeltaObjectSource, createDeltaSource } from './delta-source.js';
import { deltaFields } from './option-fields.js';
import {
  type CheckedDeltaOptions,
  type DeltaFolderOptions,
  type DeltaOptions,
  type DeltaTableOptions,
  deltaOptions,
} from './options.js';

export { createDeltaObjectSource, createDeltaSource, type DeltaObjectOptions } from './delta-source.js';
export type { CheckedDeltaOptions, DeltaFolderOptions, DeltaOptions, DeltaTableOptions };

/** The connector as configurations name it: `connector: delta`. */
export const delta: Connector<CheckedDeltaOptions> = defineConnector<CheckedDeltaOptions>({
  name: connectorName,
  sdkVersion: '^1.0',
  configSchema: deltaOptions,
  fields: deltaFields,
  create: (sourceId, { open, ...options }) =>
    open === undefined
      ? createDeltaSource(sourceId, options)
      : createDeltaObjectSource({ ...options, ...open(sourceId), sourceId }),
});
