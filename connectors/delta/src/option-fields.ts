import type { OptionField } from '@tributary/connector-sdk';
import { storeOptionFields } from '@tributary/lake';
import { storeFields } from './stores/store-fields.js';

const { tables: _tables, maxFiles: _maxFiles, ...remoteFields } = storeOptionFields;

/** The options for tools; `options.ts` checks them. */
export const deltaFields: Readonly<Record<string, OptionField>> = {
  root: {
    description:
      'Folder that holds the Delta tables, relative to baseDirectory; or s3://, gs:// or azure:// and a prefix.',
  },
  baseDirectory: { description: 'What a relative root is relative to.', file: true },
  tables: {
    description:
      'Tables by name, with path and perhaps version or timestamp; without it, folders with a _delta_log.',
  },
  ...storeFields,
  ...remoteFields,
  freshnessMs: {
    description: "Milliseconds for which a table's newest version is taken for the newest.",
    default: 0,
  },
};
