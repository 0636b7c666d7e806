import { join } from 'node:path';
import { DuckdbPeer } from './duckdb-peer.js';
import { pythonPackage } from './python-package.js';

const version = '1.5.5';

/** A bucket, and who may read it. */
export interface StorePlace {
  /** URL without a path. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** DuckDB with its httpfs extension and the keys to a bucket. Each one has caches of its own. */
export async function openHttpfs({
  endpoint,
  accessKeyId,
  secretAccessKey,
}: StorePlace): Promise<DuckdbPeer> {
  const folder = await pythonPackage('duckdb-extension-httpfs', version);
  const extension = join('duckdb_extension_httpfs', 'extensions', `v${version}`, 'httpfs.duckdb_extension');
  const peer = await DuckdbPeer.inMemory();
  await peer.run(`LOAD '${join(folder, extension)}'`);
  await peer.run(`CREATE SECRET (TYPE s3, PROVIDER config, KEY_ID '${accessKeyId}', SECRET '${secretAccessKey}',
    ENDPOINT '${new URL(endpoint).host}', URL_STYLE 'path', USE_SSL false, REGION 'us-east-1')`);
  return peer;
}
