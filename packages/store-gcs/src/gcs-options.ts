import type { OptionField } from '@tributary/connector-sdk';
import { z } from 'zod';

const secret = z.string().min(1);

const credentials = z.strictObject({
  /** Address of the service account. */
  client_email: z.string().min(1),
  /** Its key in PEM; `\n` may stand for ends of lines. */
  private_key: secret,
});

/** Who asks, and where. */
export const gcsOptions = z
  .strictObject({
    /** Project of the client. Default: the credentials' or the environment's. Objects are found without one. */
    projectId: z.string().min(1).optional(),
    /** JSON file of a service account's key. Other kinds of credentials are for `GOOGLE_APPLICATION_CREDENTIALS` to name. */
    keyFilename: z.string().min(1).optional(),
    /** A service account's key, with the names that its JSON file has for them. */
    credentials: credentials.optional(),
    /** Whether requests carry no token, as for public buckets. Default: true where there is an endpoint and no key. */
    anonymous: z.boolean().optional(),
    /** URL of a private endpoint or an emulator. Default: `STORAGE_EMULATOR_HOST` of the environment, else Google's. */
    endpoint: z.url({ protocol: /^https?$/ }).optional(),
    /** Project that pays for the requests, where the bucket wants that of whoever asks. */
    userProject: z.string().min(1).optional(),
  })
  .refine(
    ({ keyFilename, credentials: key, anonymous }) =>
      [keyFilename !== undefined, key !== undefined, anonymous === true].filter(Boolean).length <= 1,
    { error: 'of keyFilename, credentials and anonymous, only one can hold' },
  );

export type GcsOptions = z.output<typeof gcsOptions>;

/** The same options for tools. */
export const gcsFields: Readonly<Record<string, OptionField>> = {
  projectId: { description: "Project of the client; the credentials' or the environment's when absent." },
  keyFilename: {
    description: "JSON file of a service account's key; without one, Application Default Credentials.",
    file: true,
  },
  credentials: { description: "A service account's key: client_email and private_key." },
  'credentials.client_email': { description: 'Address of the service account.' },
  'credentials.private_key': { description: 'Its key in PEM.', secret: true },
  anonymous: {
    description: 'Whether requests carry no token; true when absent for an endpoint without a key.',
  },
  endpoint: { description: "URL of a private endpoint or an emulator; Google's when absent." },
  userProject: { description: 'Project that pays for the requests.' },
};

/** The bucket and prefix of `gs://bucket/prefix`; undefined for anything else. */
export function parseGcsUrl(url: string): { readonly bucket: string; readonly prefix: string } | undefined {
  const parts = /^gs:\/\/([^/]+)(?:\/(.*?))?\/*$/s.exec(url);
  if (parts === null) return undefined;
  const [, bucket = '', prefix = ''] = parts;
  return { bucket, prefix };
}
