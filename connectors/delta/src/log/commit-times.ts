import type { ObjectInfo, StoreCall } from '@tributary/lake';
import type { CommitInfo } from './actions.js';
import { readJsonActions } from './commit.js';
import type { LogFiles } from './log-files.js';
import { type LogPlace, noSuchVersion } from './log-error.js';
import type { Snapshot } from './snapshot.js';

/** A commit with what it says of itself. */
export interface CommitEntry {
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly info: CommitInfo | undefined;
}

/** Commits read at a time. */
const inFlight = 8;

/**
 * The newest version that is not later than a moment. Commits know their time where the table keeps it in them; else
 * it is the time at which the file was written, made to grow with the version.
 *
 * @throws TributaryError SOURCE.MISSING_OBJECT when the table's oldest version is later
 */
export async function versionAt(
  millis: number,
  files: LogFiles,
  latest: Snapshot,
  place: LogPlace,
  call: StoreCall,
): Promise<number> {
  const times = fileTimes(files);
  const enabled = inCommitSince(latest);
  const isOwn = enabled !== undefined && millis >= enabled.timestamp;
  const candidates = times.filter(
    ({ version }) => enabled === undefined || version >= enabled.version === isOwn,
  );
  const timeOf = async ({ object, timestamp }: FileTime): Promise<number> =>
    isOwn ? ((await commitInfo(object, place, call))?.inCommitTimestamp ?? timestamp) : timestamp;
  // Times grow with the version: the first that is later is found by halving.
  let low = 0;
  let high = candidates.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const candidate = candidates[middle];
    if (candidate !== undefined && (await timeOf(candidate)) <= millis) low = middle + 1;
    else high = middle;
  }
  const found = candidates[low - 1];
  if (found !== undefined) return found.version;
  const asked = `version as old as ${new Date(millis).toISOString()}`;
  throw noSuchVersion(place, asked, 'its log begins later');
}

/** The commits that the log still has, newest first. */
export async function* history(
  files: LogFiles,
  latest: Snapshot,
  place: LogPlace,
  call: StoreCall,
): AsyncIterable<readonly CommitEntry[]> {
  const enabled = inCommitSince(latest);
  const times = fileTimes(files).toReversed();
  for (let at = 0; at < times.length; at += inFlight) {
    yield await Promise.all(
      times.slice(at, at + inFlight).map(async ({ version, object, timestamp }) => {
        const info = await commitInfo(object, place, call);
        const isOwn = enabled !== undefined && version >= enabled.version;
        return { version, timestamp: (isOwn ? info?.inCommitTimestamp : undefined) ?? timestamp, info };
      }),
    );
  }
}

interface FileTime {
  readonly version: number;
  readonly object: ObjectInfo;
  readonly timestamp: number;
}

/** Commits by version, ascending, with the files' times: each later than the one before it. */
function fileTimes({ commits }: LogFiles): readonly FileTime[] {
  const versions = [...commits].toSorted(([a], [b]) => a - b);
  let last = Number.NEGATIVE_INFINITY;
  return versions.map(([version, object]) => {
    last = Math.max(Math.floor(object.lastModified), last + 1);
    return { version, object, timestamp: last };
  });
}

/** Since when commits hold their time (Delta protocol, "In-Commit Timestamps"). */
function inCommitSince({
  metadata,
}: Snapshot): { readonly version: number; readonly timestamp: number } | undefined {
  const property = (name: string): string | null | undefined => metadata.configuration.get(name);
  if (property('delta.enableInCommitTimestamps')?.toLowerCase() !== 'true') return undefined;
  return {
    version: Number(property('delta.inCommitTimestampEnablementVersion') ?? 0),
    timestamp: Number(property('delta.inCommitTimestampEnablementTimestamp') ?? Number.NEGATIVE_INFINITY),
  };
}

async function commitInfo(
  object: ObjectInfo,
  place: LogPlace,
  call: StoreCall,
): Promise<CommitInfo | undefined> {
  for (const action of await readJsonActions(object, place, call)) {
    if (action.kind === 'commitInfo') return action.info;
  }
  return undefined;
}
