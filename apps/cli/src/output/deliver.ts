import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TributaryError } from '@tributary/contract';
import { systemFault } from '../errors/system-fault.js';
import { UsageError } from '../errors/usage-error.js';

type Chunks = AsyncIterable<string | Uint8Array>;

/** The reader of our stdout went away (`| head`): nobody wants the rest. */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe';
}

/** Writes to a stream no faster than it is read. */
export async function writeToStream(chunks: Chunks, stream: NodeJS.WriteStream): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (stream.errored) throw stream.errored;
      if (!stream.write(chunk)) await once(stream, 'drain');
    }
    // The last piece may still be on its way to a reader that is gone.
    await flushed(stream);
  } catch (error) {
    if (isClosedPipe(error)) throw new ClosedPipe();
    throw fileError(error, 'the output');
  }
}

/** @throws UsageError or TributaryError when what was written to the stream before did not arrive, its reader's leaving apart. */
export function assertWritten(stream: NodeJS.WriteStream): void {
  if (stream.errored && !isClosedPipe(stream.errored)) throw fileError(stream.errored, 'the output');
}

/** Writes a file that appears under its name only when it is whole. */
export async function writeToFile(chunks: Chunks, path: string): Promise<void> {
  const target = resolve(path);
  const partial = join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.partial`);
  try {
    await pipeline(Readable.from(chunks, { highWaterMark: 1 }), createWriteStream(partial, { flags: 'wx' }));
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    throw fileError(error, target);
  }
}

function isClosedPipe(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED')
  );
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((done, reject) => {
    stream.write('', (error) => (error ? reject(error) : done()));
  });
}

function fileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return error;
  if (error.code === 'ENOSPC') {
    return new TributaryError('RESOURCE.SPILL_FULL', {
      message: `There is no room for ${path}.`,
      fix: 'Free disk space, or write elsewhere with --output.',
      cause: error,
    });
  }
  return new UsageError(`${path} cannot be written: ${systemFault(error)}.`, { cause: error });
}
