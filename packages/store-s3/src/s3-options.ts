import type { OptionField } from '@tributary/connector-sdk';
import { z } from 'zod';

const secret = z.string().min(1);

/** Who asks, and where. */
export const s3Options = z
  .strictObject({
    /** Default: the environment's or the profile's; else, where there is an endpoint, `us-east-1`. */
    region: z.string().min(1).optional(),
    /** URL of a store that speaks S3. Default: Amazon's. */
    endpoint: z.url({ protocol: /^https?$/ }).optional(),
    /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. Default: true where there is an endpoint. */
    pathStyle: z.boolean().optional(),
    accessKeyId: secret.optional(),
    secretAccessKey: secret.optional(),
    /** Of temporary credentials. */
    sessionToken: secret.optional(),
    /** Name of a profile in the shared files of the AWS tools. */
    profile: z.string().min(1).optional(),
    /** Whether requests are not signed, as for public buckets. */
    anonymous: z.boolean().optional(),
    /** Whether who asks pays, without which a bucket of the kind "requester pays" refuses. */
    requesterPays: z.boolean().optional(),
  })
  .refine(
    ({ accessKeyId, secretAccessKey }) => (accessKeyId === undefined) === (secretAccessKey === undefined),
    {
      error: 'accessKeyId and secretAccessKey go together',
    },
  );

export type S3Options = z.output<typeof s3Options>;

/** The same options for tools. */
export const s3Fields: Readonly<Record<keyof S3Options, OptionField>> = {
  region: { description: "Region of the bucket; the environment's or the profile's when absent." },
  endpoint: { description: "URL of a store that speaks S3; Amazon's when absent." },
  pathStyle: { description: 'endpoint/bucket/key instead of bucket.endpoint/key.' },
  accessKeyId: { description: 'Access key; without one, the default chain of the AWS tools.' },
  secretAccessKey: { description: 'Its secret.', secret: true },
  sessionToken: { description: 'Of temporary credentials.', secret: true },
  profile: { description: 'Profile in the shared files of the AWS tools.' },
  anonymous: { description: 'Whether requests are not signed.', default: false },
  requesterPays: { description: 'Whether who asks pays for requests and transfer.', default: false },
};

/** The bucket and prefix of `s3://bucket/prefix`; undefined for anything else. */
export function parseS3Url(url: string): { readonly bucket: string; readonly prefix: string } | undefined {
  const parts = /^s3:\/\/([^/]+)(?:\/(.*?))?\/*$/s.exec(url);
  if (parts === null) return undefined;
  const [, bucket = '', prefix = ''] = parts;
  return { bucket, prefix };
}
