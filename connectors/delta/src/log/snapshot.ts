import type { StoreCall } from '@tributary/lake';
import type { AddFile, Metadata, Protocol } from './actions.js';
import { readCheckpoint } from './checkpoint.js';
import { readJsonActions } from './commit.js';
import { type LogFiles } from './log-files.js';
import { type LogPlace, corruptLog, missingCommit, noSuchVersion } from './log-error.js';
import { checkReadable } from './protocol.js';
import { Replay } from './replay.js';

/** A table at one version. Immutable. */
export interface Snapshot {
  readonly version: number;
  readonly protocol: Protocol;
  readonly metadata: Metadata;
  /** Files of the table by identity: path and deletion vector. */
  readonly files: ReadonlyMap<string, AddFile>;
  /** ETag of the version's commit; undefined where a checkpoint is all that is left of it. */
  readonly commitEtag: string | undefined;
}

/**
 * Replays the log up to a version, from the newest checkpoint that is not newer, or from an earlier snapshot.
 *
 * @throws TributaryError SOURCE.MISSING_OBJECT where a commit lacks, SOURCE.CORRUPT_DATA, SOURCE.UNSUPPORTED_FORMAT
 */
export async function buildSnapshot(
  version: number,
  files: LogFiles,
  before: Snapshot | undefined,
  place: LogPlace,
  call: StoreCall,
): Promise<Snapshot> {
  const replay = new Replay(before);
  let next = (before?.version ?? -1) + 1;
  const checkpoint =
    before === undefined ? files.checkpoints.findLast((found) => found.version <= version) : undefined;
  if (checkpoint !== undefined) {
    for await (const actions of readCheckpoint(checkpoint, place, call)) replay.apply(actions);
    next = checkpoint.version + 1;
  }
  if (next > 0 && next <= version && before === undefined && checkpoint === undefined) {
    throw missingCommit(place, 0, version);
  }
  while (next <= version) {
    const { object, last } = step(next, version, files, place);
    replay.apply(await readJsonActions(object, place, call));
    next = last + 1;
  }
  const { protocol, metadata } = replay;
  if (protocol === undefined || metadata === undefined) {
    const what = protocol === undefined ? 'protocol' : 'metaData';
    throw corruptLog(place, `${place.prefix}_delta_log/`, `no action up to version ${version} is a ${what}`);
  }
  checkReadable(protocol, metadata, place);
  return { version, protocol, metadata, files: replay.files, commitEtag: files.commits.get(version)?.etag };
}

/** The file that brings the replay on from a version: its commit, or the longest compaction that begins with it. */
function step(version: number, wanted: number, { commits, compactions }: LogFiles, place: LogPlace) {
  const compaction = compactions
    .filter(({ from, to }) => from === version && to > version && to <= wanted)
    .toSorted((a, b) => b.to - a.to)[0];
  if (compaction !== undefined) return { object: compaction.object, last: compaction.to };
  const object = commits.get(version);
  if (object !== undefined) return { object, last: version };
  const isLater = [...commits.keys()].some((found) => found > version);
  throw isLater || version > 0
    ? missingCommit(place, version, wanted)
    : noSuchVersion(place, `version ${wanted}`, 'its log is empty');
}
