import { realpathSync } from 'node:fs';
import { TributaryError } from '@tributary/connector-sdk';
import { isUnreadablePath } from '../sql/text.js';
import { localStore } from '../store/local-store.js';
import type { FileAccess, Staging, WantedFile } from './file-access.js';
import type { StoreCost } from './store-cost.js';

/** What files of this machine cost. */
export const localCost: StoreCost = { latencyMs: 0.2, bandwidthMbps: 8000, costMultiplier: 1 };

/** libuv's four threads are shared with DuckDB: more calls at once only queue. */
const localCalls = 4;

/**
 * Files of this machine, which DuckDB reads where they lie.
 *
 * @param root absolute path of the folder that DuckDB must be allowed to read
 */
export function inPlace(sourceId: string, root: string): FileAccess {
  return {
    store: localStore('/', sourceId),
    parallel: localCalls,
    isRemote: false,
    stage: (scans) => Promise.resolve(stageInPlace(scans, sourceId)),
    localDirectories: () => [realRoot(root)],
    close: () => Promise.resolve(),
  };
}

/** The root with its symbolic links followed; as configured while it does not exist. */
function realRoot(root: string): string {
  try {
    return realpathSync(root);
  } catch {
    return root;
  }
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
