import type { ChildProcess } from 'node:child_process';
import { send, type ObjectStore } from '../object-store.js';
import { RunningServer, type Installation } from '../server/running-server.js';

/** A server of Google Cloud Storage's JSON protocol with one bucket, which asks for no credentials. */
export class FakeGcsServer extends RunningServer implements ObjectStore {
  readonly projectId = 'test';
  readonly bucket: string;

  constructor(bucket: string, installation: Installation, child: ChildProcess) {
    super(installation, child);
    this.bucket = bucket;
  }

  /** What Google's client calls `apiEndpoint`. */
  get endpoint(): string {
    return `http://${this.host}:${this.port}`;
  }

  async createBucket(name: string): Promise<void> {
    await send(new URL(`${this.endpoint}/storage/v1/b?project=${this.projectId}`), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
  }

  async putObject(key: string, body: Uint8Array): Promise<void> {
    const url = new URL(`${this.endpoint}/upload/storage/v1/b/${this.bucket}/o?uploadType=media`);
    url.searchParams.set('name', key);
    await send(url, { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body });
  }
}
