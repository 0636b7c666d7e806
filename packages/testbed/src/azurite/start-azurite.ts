import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../install/programs.js';
import { serverPrograms } from '../install/server-programs.js';
import type { ObjectStoreOptions } from '../object-store.js';
import { answers } from '../server/answers.js';
import { launchServer, serverHost } from '../server/running-server.js';
import { startServerProcess } from '../server/server-process.js';
import { azureAccount, AzuriteServer } from './azurite-server.js';

const version = '3.36.0';
const title = `Azurite ${version}`;
/** Pins every package and its hash. */
const lockedFolder = fileURLToPath(new URL('../../npm/azurite/', import.meta.url));
const program = join('node_modules', 'azurite', 'dist', 'src', 'blob', 'main.js');

/**
 * Starts a server of its own that speaks Azure Blob Storage's protocol, empty but for the container.
 *
 * Its blobs are in memory: after a stop it starts empty, without the container. Mind: a suffix range (`bytes=-8`) is
 * an error of its own, and a container's name has 3 characters or more.
 *
 * @example
 * await using azurite = await startAzurite();
 * const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
 */
export async function startAzurite({ bucket = 'lake' }: ObjectStoreOptions = {}): Promise<AzuriteServer> {
  const programs = await serverPrograms({
    title,
    name: `azurite-${version}`,
    mend: `It is azurite@${version} of npm (65 MB): have npm, and see that it reaches a registry.`,
    install,
  });
  return launchServer({
    name: 'azurite',
    // Asked politely it waits for idle keep-alive connections, and has nothing to save.
    stopWith: 'SIGKILL',
    prepare: async () => {},
    launch: (directory, port) =>
      startServerProcess({
        title,
        directory,
        program: process.execPath,
        parameters: [
          join(programs, program),
          `--blobHost=${serverHost}`,
          `--blobPort=${port}`,
          '--inMemoryPersistence',
          '--silent',
          // It knows the protocol's versions of its own day only, and clients are newer.
          '--skipApiVersionCheck',
          '--disableTelemetry',
        ],
        env: { AZURITE_ACCOUNTS: `${azureAccount.accountName}:${azureAccount.accountKey}` },
        isReady: () => answers(`http://${serverHost}:${port}/`),
      }),
    handle: (installation, child) => new AzuriteServer(bucket, installation, child),
    populate: (server) => server.createBucket(bucket),
  });
}

async function install(directory: string): Promise<void> {
  for (const file of ['package.json', 'package-lock.json']) {
    await copyFile(join(lockedFolder, file), join(directory, file));
  }
  await runProgram('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: directory });
}
