import { text } from 'node:stream/consumers';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { BlobServiceClient, StorageRetryPolicyType } from '@azure/storage-blob';
import { Storage } from '@google-cloud/storage';
import type { FakeGcsServer } from '@tributary/testbed';

/** A cloud's own client, as much of it as a test needs. It tries once. */
export interface Reader {
  /** Keys and sizes in the server's order. */
  list(prefix: string): Promise<readonly (readonly [key: string, size: number])[]>;
  /** Bytes `start` to `end`, both included. */
  read(key: string, start: number, end: number): Promise<string>;
}

interface S3Place {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly bucket: string;
}

export function s3Reader({ endpoint, region, accessKeyId, secretAccessKey, bucket }: S3Place): Reader {
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey },
  });
  return {
    list: async (prefix) => {
      const { Contents = [] } = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
      );
      return Contents.map(({ Key = '', Size = -1 }) => [Key, Size]);
    },
    read: async (key, start, end) => {
      const range = `bytes=${start}-${end}`;
      const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: range }));
      return (await found.Body?.transformToString()) ?? '';
    },
  };
}

export function gcsReader({ endpoint, projectId, bucket }: FakeGcsServer): Reader {
  const storage = new Storage({ apiEndpoint: endpoint, projectId, retryOptions: { autoRetry: false } });
  return {
    list: async (prefix) => {
      const [files] = await storage.bucket(bucket).getFiles({ prefix });
      return files.map(({ name, metadata }) => [name, Number(metadata.size)]);
    },
    read: async (key, start, end) => {
      const [bytes] = await storage.bucket(bucket).file(key).download({ start, end });
      return bytes.toString();
    },
  };
}

export function azureReader(connectionString: string, bucket: string): Reader {
  const retryOptions = { retryPolicyType: StorageRetryPolicyType.FIXED, maxTries: 1 };
  const service = BlobServiceClient.fromConnectionString(connectionString, { retryOptions });
  const container = service.getContainerClient(bucket);
  return {
    list: async (prefix) => {
      const blobs = await Array.fromAsync(container.listBlobsFlat({ prefix }));
      return blobs.map(({ name, properties }) => [name, properties.contentLength ?? -1]);
    },
    read: async (key, start, end) => {
      const { readableStreamBody } = await container.getBlobClient(key).download(start, end - start + 1);
      if (readableStreamBody === undefined) throw new TypeError('an answer without a body');
      return text(readableStreamBody);
    },
  };
}
