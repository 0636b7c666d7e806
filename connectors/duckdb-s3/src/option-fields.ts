import type { OptionField } from '@tributary/connector-sdk';
import { fieldsBelow, storeOptionFields } from '@tributary/lake';
import { s3Stores } from '@tributary/store-s3';

/** The options for tools; `options.ts` checks them. */
export const lakeFields: Readonly<Record<string, OptionField>> = {
  root: { description: 'Folder that holds the files, relative to baseDirectory; or s3://bucket/prefix.' },
  baseDirectory: { description: 'What a relative root is relative to.', file: true },
  s3: { description: 'Credentials and place of an S3 store.' },
  ...fieldsBelow('s3', s3Stores.fields),
  ...storeOptionFields,
};
