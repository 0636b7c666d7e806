import type { OptionField } from '@tributary/connector-sdk';
import { storeOptionFields } from '@tributary/lake';

/** The options for tools; `options.ts` checks them. */
export const lakeFields: Readonly<Record<string, OptionField>> = {
  root: { description: 'Folder that holds the files, relative to baseDirectory; or s3://bucket/prefix.' },
  baseDirectory: { description: 'What a relative root is relative to.', file: true },
  s3: { description: 'Credentials and place of an S3 store.' },
  's3.region': { description: "Region of the bucket; the environment's or the profile's when absent." },
  's3.endpoint': { description: "URL of a store that speaks S3; Amazon's when absent." },
  's3.pathStyle': { description: 'endpoint/bucket/key instead of bucket.endpoint/key.' },
  's3.accessKeyId': { description: 'Access key; without one, the default chain of the AWS tools.' },
  's3.secretAccessKey': { description: 'Its secret.', secret: true },
  's3.sessionToken': { description: 'Of temporary credentials.', secret: true },
  's3.profile': { description: 'Profile in the shared files of the AWS tools.' },
  's3.anonymous': { description: 'Whether requests are not signed.', default: false },
  ...storeOptionFields,
};
