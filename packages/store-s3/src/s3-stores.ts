import type { StoreKind } from '@tributary/lake';
import { s3Client } from './s3-client.js';
import { type S3Options, parseS3Url, s3Fields, s3Options } from './s3-options.js';
import { s3Store } from './s3-store.js';

/** Buckets of Amazon S3, and of servers that speak its protocol. */
export const s3Stores: StoreKind<S3Options> = {
  form: 's3://bucket/prefix',
  options: s3Options,
  fields: s3Fields,
  isUrl: (url) => parseS3Url(url) !== undefined,
  open(url, options, sourceId) {
    const place = parseS3Url(url);
    if (place === undefined) throw new TypeError(`not of the form ${s3Stores.form}`);
    const { bucket, prefix } = place;
    const { endpoint, requesterPays = false } = options;
    return {
      store: s3Store({ sourceId, client: s3Client(options), bucket, endpoint, requesterPays }),
      prefix,
      endpoint,
    };
  },
};
