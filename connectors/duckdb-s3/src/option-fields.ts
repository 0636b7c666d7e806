import type { OptionField } from '@tributary/connector-sdk';

/** The options for tools; `options.ts` checks them. */
export const lakeFields: Readonly<Record<string, OptionField>> = {
  root: { description: 'Folder that holds the files; relative to baseDirectory.' },
  baseDirectory: { description: 'What a relative root is relative to.', file: true },
  tables: { description: 'Tables by name; without it, files and folders below the root are the tables.' },
  maxFiles: { description: 'Most files of one listing; more are an error.', default: 100_000 },
};
