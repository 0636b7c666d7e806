import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createLakeSource } from '@tributary/connector-duckdb-s3';
import { type Engine, createEngine } from '@tributary/core';
import { startS3 } from '@tributary/testbed';
import type { StorePlace } from '../peers/httpfs-peer.js';
import type { World } from '../world/world.js';
import { type LakeFiles, makeLakeFiles } from './lake-files.js';

/** A busy machine is no reason for a benchmark to fail. */
const timeoutMs = 600_000;

/** The lake's files on this machine and in the bucket of an S3 server, and those who read them. */
export class LakeStore implements AsyncDisposable {
  readonly files: LakeFiles;
  readonly place: StorePlace;
  readonly #directory: string;
  readonly #stop: () => Promise<void>;

  private constructor(files: LakeFiles, place: StorePlace, directory: string, stop: () => Promise<void>) {
    this.files = files;
    this.place = place;
    this.#directory = directory;
    this.#stop = stop;
  }

  static async open(world: Pick<World, 'parquet' | 'directory'>): Promise<LakeStore> {
    const directory = await mkdtemp(join(world.directory, 'lake-'));
    const files = await makeLakeFiles(world.parquet, join(directory, 'files'));
    const server = await startS3();
    const stop = async (): Promise<void> => {
      await server[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    };
    try {
      for (const path of files.paths) await server.putObject(path, await readFile(join(files.root, path)));
      return new LakeStore(files, server, directory, stop);
    } catch (error) {
      await stop();
      throw error;
    }
  }

  /** @param cache folder of the disk cache @param endpoint of a proxy before the store */
  engine(cache: string, endpoint = this.place.endpoint): Promise<Engine> {
    const { bucket, accessKeyId, secretAccessKey } = this.place;
    return createEngine({
      sources: [
        createLakeSource('lake', {
          root: `s3://${bucket}`,
          s3: { endpoint, accessKeyId, secretAccessKey },
          cache: { directory: cache },
        }),
      ],
      timeoutMs,
    });
  }

  /** A new folder for a disk cache. */
  newCache(): Promise<string> {
    return mkdtemp(join(this.#directory, 'cache-'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}
