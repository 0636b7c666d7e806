import type { ChildProcess } from 'node:child_process';
import { escapedKey, send, type ObjectStore } from '../object-store.js';
import { RunningServer, type Installation } from '../server/running-server.js';
import { signedPutHeaders, type AzureAccount } from './shared-key.js';

/** The only account. */
export const azureAccount: AzureAccount = {
  accountName: 'testbed',
  accountKey: Buffer.from('the-secret-key').toString('base64'),
};

/** A server of Azure Blob Storage's protocol with one account and one container, which it calls a bucket like others do. */
export class AzuriteServer extends RunningServer implements ObjectStore, AzureAccount {
  readonly accountName = azureAccount.accountName;
  readonly accountKey = azureAccount.accountKey;
  readonly bucket: string;

  constructor(bucket: string, installation: Installation, child: ChildProcess) {
    super(installation, child);
    this.bucket = bucket;
  }

  /** Of the account, whose name is in the path: `http://127.0.0.1:1234/testbed`. */
  get endpoint(): string {
    return `http://${this.host}:${this.port}/${this.accountName}`;
  }

  get connectionString(): string {
    return `DefaultEndpointsProtocol=http;AccountName=${this.accountName};AccountKey=${this.accountKey};BlobEndpoint=${this.endpoint};`;
  }

  /** @param name of 3 characters or more */
  async createBucket(name: string): Promise<void> {
    await this.#put(`${name}?restype=container`, new Uint8Array());
  }

  async putObject(key: string, body: Uint8Array): Promise<void> {
    await this.#put(`${this.bucket}/${escapedKey(key)}`, body, { 'x-ms-blob-type': 'BlockBlob' });
  }

  async #put(path: string, body: Uint8Array, extra: Readonly<Record<string, string>> = {}): Promise<void> {
    const url = new URL(`${this.endpoint}/${path}`);
    await send(url, { method: 'PUT', headers: signedPutHeaders(url, body, extra, this), body });
  }
}
