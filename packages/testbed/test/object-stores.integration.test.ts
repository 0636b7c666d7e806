import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  loadTpch,
  startAzurite,
  startFakeGcs,
  startS3,
  startSeaweed,
  tpchParquet,
  tpchTableNames,
  type AzuriteServer,
  type FakeGcsServer,
  type S3Server,
} from '@tributary/testbed';
import { expectNothingIsLeft, expectToGoWithItsOwner } from './support/processes.js';
import { azureReader, gcsReader, s3Reader, type Reader } from './support/store-readers.js';

interface Started {
  readonly server: S3Server | FakeGcsServer | AzuriteServer;
  readonly reader: Reader;
  /** Without the right key; undefined where the server asks for none. */
  readonly stranger?: Reader;
}

const wrongKey = Buffer.from('wrong').toString('base64');

async function startS3Kind(start: () => Promise<S3Server>): Promise<Started> {
  const server = await start();
  const { endpoint, region, accessKeyId, secretAccessKey, bucket } = server;
  const place = { endpoint, region, accessKeyId, secretAccessKey, bucket };
  return { server, reader: s3Reader(place), stranger: s3Reader({ ...place, secretAccessKey: wrongKey }) };
}

async function startGcsKind(): Promise<Started> {
  const server = await startFakeGcs();
  return { server, reader: gcsReader(server) };
}

async function startAzureKind(): Promise<Started> {
  const server = await startAzurite();
  const { accountKey, connectionString, bucket } = server;
  return {
    server,
    reader: azureReader(connectionString, bucket),
    stranger: azureReader(connectionString.replace(accountKey, wrongKey), bucket),
  };
}

const kinds: readonly {
  readonly title: string;
  start(): Promise<Started>;
  /** Of two keys that folders and bytes put in another order. */
  readonly order: readonly string[];
  /** Whether its objects survive its end. */
  readonly keeps: boolean;
}[] = [
  { title: 'startS3', start: () => startS3Kind(startS3), order: ['o/a-b', 'o/a/x'], keeps: true },
  { title: 'startSeaweed', start: () => startS3Kind(startSeaweed), order: ['o/a/x', 'o/a-b'], keeps: true },
  { title: 'startFakeGcs', start: startGcsKind, order: ['o/a-b', 'o/a/x'], keeps: false },
  { title: 'startAzurite', start: startAzureKind, order: ['o/a-b', 'o/a/x'], keeps: false },
];

describe.each(kinds)('$title', ({ title, start, order, keeps }) => {
  let started: Started;

  beforeAll(async () => {
    started = await start();
  });

  afterAll(() => started.server[Symbol.asyncDispose]());

  it("has a bucket that the cloud's own client reads", async () => {
    const { server, reader } = started;
    const key = `odd/a b+c%&=[1]'(é)!*.txt`;
    await server.putObject(key, Buffer.from('first'));
    await server.putObject(key, Buffer.from('0123456789'));
    await server.putObject('odd/empty', Buffer.alloc(0));
    expect(await reader.list('odd/')).toEqual([
      [key, 10],
      ['odd/empty', 0],
    ]);
    expect(await reader.read(key, 2, 4)).toBe('234');
    for (const name of ['o/a-b', 'o/a/x']) await server.putObject(name, Buffer.from(name));
    expect((await reader.list('o/')).map(([name]) => name)).toEqual(order);
  });

  it('refuses who has another key', async () => {
    const { server, stranger } = started;
    if (stranger === undefined) {
      expect((await fetch(`${server.endpoint}/storage/v1/b/lake/o`)).status).toBe(200);
      return;
    }
    await expect(stranger.list('')).rejects.toThrow(/signature/i);
  });

  it('takes TPC-H as Parquet', async () => {
    const { server, reader } = started;
    await loadTpch(server);
    const folder = await tpchParquet(0.01);
    const files = await Promise.all(
      tpchTableNames.toSorted().map(async (table) => {
        const { length } = await readFile(join(folder, `${table}.parquet`));
        return [`tpch/${table}.parquet`, length] as const;
      }),
    );
    expect(await reader.list('tpch/')).toEqual(files);
    const [key = '', size = 0] = files[0] ?? [];
    expect(await reader.read(key, size - 4, size - 1)).toBe('PAR1');
  });

  it(`comes back on its port, ${keeps ? 'with its objects' : 'empty'}`, async () => {
    const { server, reader } = started;
    await server.putObject('kept/x', Buffer.from('x'));
    await server.stop();
    expect(server.pid).toBeUndefined();
    await expect(reader.list('kept/')).rejects.toThrow('ECONNREFUSED');
    await server.start();
    if (!keeps) await server.createBucket(server.bucket);
    expect(await reader.list('kept/')).toEqual(keeps ? [['kept/x', 1]] : []);
    await server.kill();
    await server.start();
    if (keeps) expect(await reader.read('kept/x', 0, 0)).toBe('x');
  });

  it('leaves nothing behind, several at once', () =>
    expectNothingIsLeft(started.server, async () => (await start()).server));

  it('goes when its owner is killed', () => expectToGoWithItsOwner(title));
});
