import { z } from 'zod';
import { storeOptionShape } from '@tributary/lake';
import { s3Stores } from '@tributary/store-s3';

/** Options that mean nothing for a folder on this machine. */
const remoteOnly = [
  's3',
  'freshnessMs',
  'cache',
  'cost',
  'maxRequests',
  'attempts',
  'requestTimeoutMs',
] as const;

export const lakeOptions = z
  .strictObject({
    /** Folder that holds the files, relative to `baseDirectory`; or `s3://bucket/prefix`. */
    root: z.string().min(1),
    /** What a relative root is relative to. Default: the working directory. */
    baseDirectory: z.string().min(1).optional(),
    /** Credentials and place of an S3 store. */
    s3: s3Stores.options.optional(),
    ...storeOptionShape,
  })
  .refine(({ root }) => !root.startsWith('s3:') || s3Stores.isUrl(root), {
    error: `not of the form ${s3Stores.form}`,
    path: ['root'],
  })
  .refine(
    ({ root, ...options }) => root.startsWith('s3:') || remoteOnly.every((key) => options[key] === undefined),
    {
      error: `${remoteOnly.join(', ')} are for roots of the form ${s3Stores.form}`,
    },
  );

/** Options of the connector, as in a configuration. */
export type LakeOptions = z.input<typeof lakeOptions>;
