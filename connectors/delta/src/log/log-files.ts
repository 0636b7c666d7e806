import type { ObjectInfo } from '@tributary/lake';

/** What lies in a `_delta_log`, as far as names tell. */
export interface LogFiles {
  /** Commits by version. */
  readonly commits: ReadonlyMap<number, ObjectInfo>;
  /** Whole checkpoints, oldest first. */
  readonly checkpoints: readonly Checkpoint[];
  /** Commits of several versions in one file. */
  readonly compactions: readonly Compaction[];
}

export interface Checkpoint {
  readonly version: number;
  readonly format: 'parquet' | 'json';
  /** One object, or all parts of a multi-part checkpoint. */
  readonly parts: readonly ObjectInfo[];
}

export interface Compaction {
  readonly from: number;
  readonly to: number;
  readonly object: ObjectInfo;
}

/** Digits of a version in a file's name. */
export const versionDigits = 20;

const commitName = /^(\d{20})\.json$/;
const compactionName = /^(\d{20})\.(\d{20})\.compacted\.json$/;
const classicName = /^(\d{20})\.checkpoint\.parquet$/;
const partName = /^(\d{20})\.checkpoint\.(\d{10})\.(\d{10})\.parquet$/;
const uuidName = /^(\d{20})\.checkpoint\.[0-9a-f-]{36}\.(json|parquet)$/i;

/** Sorts the objects of a log's listing. Multi-part checkpoints of which a part is missing do not count. */
export function logFiles(objects: Iterable<ObjectInfo>): LogFiles {
  const commits = new Map<number, ObjectInfo>();
  const checkpoints: Checkpoint[] = [];
  const compactions: Compaction[] = [];
  const parts = new Map<string, ObjectInfo[]>();
  for (const object of objects) {
    const name = object.key.slice(object.key.lastIndexOf('/') + 1);
    const commit = commitName.exec(name);
    if (commit !== null) commits.set(Number(commit[1]), object);
    const compaction = compactionName.exec(name);
    if (compaction !== null) {
      compactions.push({ from: Number(compaction[1]), to: Number(compaction[2]), object });
    }
    const classic = classicName.exec(name);
    if (classic !== null)
      checkpoints.push({ version: Number(classic[1]), format: 'parquet', parts: [object] });
    const uuid = uuidName.exec(name);
    if (uuid !== null) {
      const format = uuid[2]?.toLowerCase() === 'json' ? 'json' : 'parquet';
      checkpoints.push({ version: Number(uuid[1]), format, parts: [object] });
    }
    const part = partName.exec(name);
    if (part !== null) {
      const set = `${part[1]}.${part[3]}`;
      parts.set(set, [...(parts.get(set) ?? []), object]);
    }
  }
  for (const [set, objects] of parts) {
    const [version, count] = set.split('.');
    if (objects.length !== Number(count)) continue;
    checkpoints.push({ version: Number(version), format: 'parquet', parts: objects });
  }
  return {
    commits,
    checkpoints: checkpoints.toSorted((a, b) => a.version - b.version),
    compactions,
  };
}

/** The newest version that the files reach; -1 for an empty log. */
export function newestVersion({ commits, checkpoints }: LogFiles): number {
  let newest = checkpoints.at(-1)?.version ?? -1;
  for (const version of commits.keys()) newest = Math.max(newest, version);
  return newest;
}
