import type { StoreCall } from '@tributary/lake';
import { versionAt } from './commit-times.js';
import { lastCheckpoint, listLogFrom, listWholeLog } from './listing.js';
import { type LogFiles, newestVersion } from './log-files.js';
import { type LogPlace, noSuchVersion } from './log-error.js';
import { type Snapshot, buildSnapshot } from './snapshot.js';

/** Which state of a table is asked for; the newest when absent. */
export type TimeTravel =
  | { readonly kind: 'version'; readonly version: number }
  /** Milliseconds since 1970: the newest version that is not later. */
  | { readonly kind: 'timestamp'; readonly millis: number };

/** Old states that are kept: a query looks at its own twice, for planning and for the run. */
const mostSnapshotsKept = 4;

/** The log of one table, with the states of it that were read last. */
export class DeltaLog {
  readonly place: LogPlace;
  readonly #freshnessMs: number;
  #latest: Snapshot | undefined;
  /** When the newest version was last looked for. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  readonly #older = new Map<number, Snapshot>();

  /** @param freshnessMs for how long the newest version is taken for the newest */
  constructor(place: LogPlace, freshnessMs = 0) {
    this.place = place;
    this.#freshnessMs = freshnessMs;
  }

  /**
   * The table as it is now, or was.
   *
   * @returns undefined when there is no such table
   * @throws TributaryError SOURCE.MISSING_OBJECT for a version that is not there
   */
  async snapshot(at: TimeTravel | undefined, call: StoreCall): Promise<Snapshot | undefined> {
    if (at === undefined) return this.#newest(call);
    // The newest state is not looked at for a version: it may need features that the old one does not.
    const latest = at.kind === 'version' ? undefined : await this.#refresh(call);
    const files = await listWholeLog(this.place, call);
    const newest = newestVersion(files);
    if (newest < 0) return undefined;
    const version =
      at.kind === 'version'
        ? at.version
        : latest && (await versionAt(at.millis, files, latest, this.place, call));
    if (version === undefined) return undefined;
    if (version > newest) throw noSuchVersion(this.place, `version ${version}`, `its newest is ${newest}`);
    return this.#old(version, files, call);
  }

  /** Whether there is such a table, or was when it was last read: whether anything lies in its log. */
  async exists(call: StoreCall): Promise<boolean> {
    if (this.#latest !== undefined) return true;
    const { store, prefix } = this.place;
    const { objects } = await store.listPage(`${prefix}_delta_log/`, undefined, call);
    return objects.length > 0;
  }

  /** All files of the log, and the newest state. */
  async files(call: StoreCall): Promise<{ readonly files: LogFiles; readonly latest: Snapshot } | undefined> {
    const latest = await this.#refresh(call);
    return latest && { files: await listWholeLog(this.place, call), latest };
  }

  /** Whether a file belongs to a state that is still known, and to which. */
  versionWith(isFile: (path: string) => boolean): number | undefined {
    const known = [...this.#older.values(), ...(this.#latest === undefined ? [] : [this.#latest])];
    return known.findLast(({ files }) => files.values().some(({ path }) => isFile(path)))?.version;
  }

  async #newest(call: StoreCall): Promise<Snapshot | undefined> {
    const now = performance.now();
    if (this.#latest !== undefined && now - this.#lookedAt < this.#freshnessMs) return this.#latest;
    const found = await this.#refresh(call);
    this.#lookedAt = now;
    return found;
  }

  async #refresh(call: StoreCall): Promise<Snapshot | undefined> {
    const before = this.#latest;
    const hint = before?.version ?? (await lastCheckpoint(this.place, call));
    const near = hint === undefined ? undefined : await listLogFrom(hint, this.place, call);
    const isSame =
      near !== undefined &&
      before?.commitEtag !== undefined &&
      near.commits.get(before.version)?.etag === before.commitEtag;
    if (near !== undefined && isSame) return this.#advance(before, near, call);
    const hasHinted = near?.checkpoints.some(({ version }) => version === hint) === true;
    const files =
      near !== undefined && hasHinted && before === undefined ? near : await listWholeLog(this.place, call);
    const newest = newestVersion(files);
    // The table has been replaced by another one of the same name, or was never looked at.
    this.#older.clear();
    this.#latest = newest < 0 ? undefined : await buildSnapshot(newest, files, undefined, this.place, call);
    return this.#latest;
  }

  async #advance(before: Snapshot, files: LogFiles, call: StoreCall): Promise<Snapshot> {
    const newest = newestVersion(files);
    if (newest <= before.version) return before;
    const next = await buildSnapshot(newest, files, before, this.place, call);
    // Calls may overlap: an older state never takes the place of a newer one.
    if (this.#latest === before) this.#latest = next;
    return next;
  }

  async #old(version: number, files: LogFiles, call: StoreCall): Promise<Snapshot> {
    const known = this.#older.get(version);
    const commitEtag = files.commits.get(version)?.etag;
    if (known?.commitEtag !== undefined && known.commitEtag === commitEtag) return known;
    const made = await buildSnapshot(version, files, undefined, this.place, call);
    this.#older.set(version, made);
    const [oldest] = this.#older.keys();
    if (this.#older.size > mostSnapshotsKept && oldest !== undefined) this.#older.delete(oldest);
    return made;
  }
}
