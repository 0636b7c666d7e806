import type { OptionField } from '@tributary/connector-sdk';

/** The options for tools; `options.ts` checks them. */
export const deltaFields: Readonly<Record<string, OptionField>> = {
  root: { description: 'Folder that holds the Delta tables; relative to baseDirectory.' },
  baseDirectory: { description: 'What a relative root is relative to.', file: true },
  tables: {
    description:
      'Tables by name, with path and perhaps version or timestamp; without it, folders with a _delta_log.',
  },
};
