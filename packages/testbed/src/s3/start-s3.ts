import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildGoProgram } from '../install/go-programs.js';
import { serverPrograms } from '../install/server-programs.js';
import type { ObjectStoreOptions } from '../object-store.js';
import { answers } from '../server/answers.js';
import { launchServer, serverHost } from '../server/running-server.js';
import { startServerProcess } from '../server/server-process.js';
import { s3Keys, S3Server } from './s3-server.js';

const version = '1.8.0';
const title = `versitygw ${version}`;
const spec = `github.com/versity/versitygw/cmd/versitygw@v${version}`;
const modulesSha256 = '56e78061e80ec0109ee0be8403d8eb8d81357e31021210d54c110ecdd27fa850';

/**
 * Starts an S3 server of its own (versitygw, whose objects are files), empty but for the bucket.
 *
 * Mind: an object `x` and an object `x/y` cannot both be.
 *
 * @example
 * await using s3 = await startS3();
 * await s3.putObject('orders/1.parquet', bytes);
 * const { endpoint, accessKeyId, secretAccessKey, region, bucket } = s3;
 */
export async function startS3({ bucket = 'lake' }: ObjectStoreOptions = {}): Promise<S3Server> {
  const programs = await serverPrograms({
    title,
    name: `versitygw-${version}`,
    mend: `It is ${spec}: have Go 1.26, and see that it reaches a module proxy.`,
    install: (directory) => buildGoProgram(spec, modulesSha256, directory),
  });
  return launchServer({
    name: 's3',
    stopWith: 'SIGTERM',
    prepare: async (directory) => {
      for (const folder of ['objects', 'attributes']) await mkdir(join(directory, folder));
    },
    launch: (directory, port) =>
      startServerProcess({
        title,
        directory,
        program: join(programs, 'versitygw'),
        parameters: [
          `--port=${serverHost}:${port}`,
          `--region=${s3Keys.region}`,
          '--keep-alive',
          '--quiet',
          '--health=/health',
          'posix',
          // Not in the files' extended attributes: not every temp folder can have them.
          `--sidecar=${join(directory, 'attributes')}`,
          join(directory, 'objects'),
        ],
        env: { ROOT_ACCESS_KEY_ID: s3Keys.accessKeyId, ROOT_SECRET_ACCESS_KEY: s3Keys.secretAccessKey },
        isReady: () => answers(`http://${serverHost}:${port}/health`),
      }),
    handle: (installation, child) => new S3Server(bucket, installation, child),
    populate: (server) => server.createBucket(bucket),
  });
}
