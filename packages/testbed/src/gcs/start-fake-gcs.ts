import { join } from 'node:path';
import { buildGoProgram } from '../install/go-programs.js';
import { serverPrograms } from '../install/server-programs.js';
import type { ObjectStoreOptions } from '../object-store.js';
import { answers } from '../server/answers.js';
import { launchServer, serverHost } from '../server/running-server.js';
import { startServerProcess } from '../server/server-process.js';
import { FakeGcsServer } from './fake-gcs-server.js';

const version = '1.56.1';
const title = `fake-gcs-server ${version}`;
const spec = `github.com/fsouza/fake-gcs-server@v${version}`;
const modulesSha256 = '37214399bc5415c325a4957eafbfc0fc2ac0c3d3d49b75128c945b5d3984da08';

/**
 * Starts a server of its own that speaks Google Cloud Storage's protocol, empty but for the bucket.
 *
 * Its objects are in memory: after a stop it starts empty, without the bucket. Reads ignore `ifGenerationMatch` and
 * `If-Match`, which Google's do not; a read that names a generation gets that one or 404.
 *
 * @example
 * await using gcs = await startFakeGcs();
 * const storage = new Storage({ apiEndpoint: gcs.endpoint, projectId: gcs.projectId });
 */
export async function startFakeGcs({ bucket = 'lake' }: ObjectStoreOptions = {}): Promise<FakeGcsServer> {
  const programs = await serverPrograms({
    title,
    name: `fake-gcs-server-${version}`,
    mend: `It is ${spec}: have Go 1.26, and see that it reaches a module proxy.`,
    install: (directory) => buildGoProgram(spec, modulesSha256, directory),
  });
  return launchServer({
    name: 'gcs',
    stopWith: 'SIGTERM',
    prepare: async () => {},
    launch: (directory, port) =>
      startServerProcess({
        title,
        directory,
        program: join(programs, 'fake-gcs-server'),
        parameters: [
          '-scheme=http',
          `-host=${serverHost}`,
          `-port=${port}`,
          '-backend=memory',
          `-public-host=${serverHost}:${port}`,
          `-external-url=http://${serverHost}:${port}`,
          '-log-level=warn',
        ],
        env: {},
        isReady: () => answers(`http://${serverHost}:${port}/storage/v1/b?project=test`),
      }),
    handle: (installation, child) => new FakeGcsServer(bucket, installation, child),
    populate: (server) => server.createBucket(bucket),
  });
}
