import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { behindProxy, describeStore, s3Protocol } from '@tributary/store-testkit';
import { startS3 } from '@tributary/testbed';
import { afterAll, test } from 'vitest';
import { s3Stores } from '../src/index.js';

const { server, proxy } = await behindProxy(startS3, s3Protocol, afterAll);
const { accessKeyId, secretAccessKey, bucket, region } = server;
const credentials = { accessKeyId, secretAccessKey };
const client = new S3Client({ endpoint: server.endpoint, region, forcePathStyle: true, credentials });

afterAll(() => client.destroy());

describeStore({
  test,
  server,
  proxy,
  open: (name) => s3Stores.open(`s3://${name}`, { endpoint: proxy.endpoint, ...credentials }, 'far').store,
  root: `s3://${bucket}`,
  pageSize: 1000,
  remove: async (key) => {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  },
  putGzip: async (key, body) => {
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentEncoding: 'gzip' }),
    );
  },
});
