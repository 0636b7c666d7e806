import { TributaryError } from '@tributary/connector-sdk';
import { isUnreadablePath } from '../sql/text.js';
import { localStore } from '../store/local-store.js';
import type { FileAccess, Staging, WantedFile } from './file-access.js';

/** libuv's four threads are shared with DuckDB: more calls at once only queue. */
const localCalls = 4;

/**
 * Files of this machine, which DuckDB reads where they lie.
 *
 * @param directories what DuckDB must be allowed to read
 */
export function inPlace(sourceId: string, directories: () => readonly string[]): FileAccess {
  return {
    store: localStore('/', sourceId),
    parallel: localCalls,
    isRemote: false,
    stage: (scans) => Promise.resolve(stageInPlace(scans, sourceId)),
    localDirectories: directories,
    close: () => Promise.resolve(),
  };
}

function stageInPlace(scans: readonly WantedFile[], sourceId: string): Staging {
  const files = scans.map(({ file }) => {
    const { path } = file.file;
    if (isUnreadablePath(path)) throw unreadablePath(path, sourceId);
    return { kind: 'read' as const, file, path };
  });
  return { files, slim: false, release: () => Promise.resolve() };
}

function unreadablePath(path: string, sourceId: string): TributaryError {
  return new TributaryError('CONFIG.INVALID', {
    message: `DuckDB cannot read ${path}: its name has both a backslash and a wildcard character.`,
    fix: 'Rename the file.',
    sourceId,
    object: path,
  });
}
