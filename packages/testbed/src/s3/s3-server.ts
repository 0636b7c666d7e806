import type { ChildProcess } from 'node:child_process';
import { escapedKey, send, type ObjectStore } from '../object-store.js';
import { RunningServer, type Installation } from '../server/running-server.js';
import { signedHeaders, type S3Keys } from './signature.js';

/** The only user's keys. */
export const s3Keys: S3Keys = {
  accessKeyId: 'testbed-key',
  secretAccessKey: 'the-secret-key',
  region: 'us-east-1',
};

/** A server of S3's protocol with one user and one bucket. Buckets are in the path: `http://127.0.0.1:1234/lake/key`. */
export class S3Server extends RunningServer implements ObjectStore {
  readonly accessKeyId = s3Keys.accessKeyId;
  readonly secretAccessKey = s3Keys.secretAccessKey;
  readonly region = s3Keys.region;
  readonly bucket: string;

  constructor(bucket: string, installation: Installation, child: ChildProcess) {
    super(installation, child);
    this.bucket = bucket;
  }

  get endpoint(): string {
    return `http://${this.host}:${this.port}`;
  }

  async createBucket(name: string): Promise<void> {
    await putToS3(this.endpoint, name, new Uint8Array());
  }

  async putObject(key: string, body: Uint8Array): Promise<void> {
    await putToS3(this.endpoint, `${this.bucket}/${key}`, body);
  }
}

/** @param path `bucket`, which is created, or `bucket/key` */
export async function putToS3(endpoint: string, path: string, body: Uint8Array): Promise<void> {
  const url = new URL(`${endpoint}/${escapedKey(path)}`);
  await send(url, { method: 'PUT', headers: signedHeaders('PUT', url, body, s3Keys), body });
}
