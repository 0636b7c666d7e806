import type { StoreKind } from '@tributary/lake';
import { gcsClient } from './gcs-client.js';
import { type GcsOptions, gcsFields, gcsOptions, parseGcsUrl } from './gcs-options.js';
import { gcsStore } from './gcs-store.js';

/** Buckets of Google Cloud Storage. */
export const gcsStores: StoreKind<GcsOptions> = {
  form: 'gs://bucket/prefix',
  options: gcsOptions,
  fields: gcsFields,
  isUrl: (url) => parseGcsUrl(url) !== undefined,
  open(url, options, sourceId) {
    const place = parseGcsUrl(url);
    if (place === undefined) throw new TypeError(`not of the form ${gcsStores.form}`);
    const { bucket, prefix } = place;
    const client = gcsClient(options);
    return {
      store: gcsStore({ sourceId, client, bucket }),
      prefix,
      endpoint: client.endpoint,
    };
  },
};
