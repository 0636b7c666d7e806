import type { KeySetId } from '@tributary/contract';
import type { SourceTiming } from '../api.js';
import type { ExplainKeySet, ExplainRun, FragmentRun } from '../explain/document.js';
import type { FederatedPlan, Fragment, FragmentId, KeySetEdge } from '../plan/federated-plan.js';
import { callQuietly } from './event-bus.js';

export type KeySetRun = NonNullable<ExplainKeySet['actual']>;

/** What a run has done so far, for EXPLAIN ANALYZE. */
export interface RunRecord {
  readonly fragments: ReadonlyMap<FragmentId, FragmentRun>;
  readonly keySets: ReadonlyMap<KeySetId, KeySetRun>;
  readonly run: ExplainRun;
}

export type ProgressListener = (source: string, rowsFetched: number, bytesFetched: number) => void;

interface FragmentNote {
  readonly sourceId: string;
  readonly startedAt: number;
  rows: number;
  /** False where DuckDB reads the source's files by itself and nobody counts. */
  counted: boolean;
  bytes: number;
  endedAt?: number;
  state: FragmentRun['state'] | 'running';
  native?: string;
}

/** Keeps a query's figures: rows and bytes by fragment, and what became of each key set. */
export class RunRecorder {
  readonly #plan: FederatedPlan;
  readonly #planMs: number;
  readonly #onProgress: ProgressListener | undefined;
  readonly #startedAt = performance.now();
  #endedAt: number | undefined;
  readonly #fragments = new Map<FragmentId, FragmentNote>();
  readonly #keySets = new Map<KeySetId, { readonly outcome: KeySetRun['outcome']; readonly keys: number }>();
  #rows = 0;

  constructor(plan: FederatedPlan, planMs: number, onProgress: ProgressListener | undefined) {
    this.#plan = plan;
    this.#planMs = planMs;
    this.#onProgress = onProgress;
  }

  get rows(): number {
    return this.#rows;
  }

  fragmentStarted(fragment: Fragment, native: string): void {
    this.#fragments.set(fragment.id, {
      sourceId: fragment.sourceId,
      startedAt: performance.now(),
      rows: 0,
      counted: true,
      bytes: 0,
      state: 'running',
      ...(native !== fragment.remote.native && { native }),
    });
  }

  /** Running totals of a fragment; they never go back. */
  fragmentProgress(fragment: Fragment, rows: number, bytes: number): void {
    const note = this.#fragments.get(fragment.id);
    if (note === undefined || (rows <= note.rows && bytes <= note.bytes)) return;
    note.rows = Math.max(note.rows, rows);
    note.bytes = Math.max(note.bytes, bytes);
    const total = this.#totals((other) => other.sourceId === fragment.sourceId);
    callQuietly(() => this.#onProgress?.(fragment.sourceId, total.rows, total.bytes));
  }

  fragmentUncounted(fragment: Fragment): void {
    const note = this.#fragments.get(fragment.id);
    if (note !== undefined) note.counted = false;
  }

  fragmentEnded(fragment: Fragment, state: FragmentRun['state']): void {
    const note = this.#fragments.get(fragment.id);
    if (note === undefined) {
      if (state !== 'skipped') return;
      this.fragmentStarted(fragment, fragment.remote.native);
      this.fragmentEnded(fragment, state);
    } else if (note.state === 'running') {
      note.state = state;
      note.endedAt = performance.now();
    }
  }

  keySetDecided(edge: KeySetEdge, outcome: KeySetRun['outcome'], keys: number): void {
    this.#keySets.set(edge.id, { outcome, keys });
  }

  delivered(rows: number): void {
    this.#rows += rows;
  }

  ended(): void {
    this.#endedAt ??= performance.now();
  }

  get totalMs(): number {
    return (this.#endedAt ?? performance.now()) - this.#startedAt;
  }

  record(): RunRecord {
    const fetched = this.#totals(() => true);
    return {
      fragments: new Map([...this.#fragments].map(([id, note]) => [id, this.#fragmentRun(note)])),
      keySets: new Map(
        this.#plan.keySets.flatMap((edge): [KeySetId, KeySetRun][] => {
          const decided = this.#keySets.get(edge.id);
          return decided === undefined ? [] : [[edge.id, { ...decided, rowsSaved: this.#rowsSaved(edge) }]];
        }),
      ),
      run: {
        planMs: this.#planMs,
        totalMs: this.totalMs,
        rows: this.#rows,
        rowsFetched: fetched.rows,
        bytesFetched: fetched.bytes,
      },
    };
  }

  sourceTimings(): readonly SourceTiming[] {
    const sources = new Set([...this.#fragments.values()].map((note) => note.sourceId));
    return [...sources].map((sourceId) => {
      const notes = [...this.#fragments.values()].filter((note) => note.sourceId === sourceId);
      const start = Math.min(...notes.map((note) => note.startedAt));
      const end = Math.max(...notes.map((note) => note.endedAt ?? performance.now()));
      return {
        sourceId,
        fragments: notes.length,
        ...this.#totals((n) => n.sourceId === sourceId),
        ms: end - start,
      };
    });
  }

  #totals(wanted: (note: FragmentNote) => boolean): { readonly rows: number; readonly bytes: number } {
    const notes = [...this.#fragments.values()].filter(wanted);
    return {
      rows: notes.reduce((sum, note) => sum + note.rows, 0),
      bytes: notes.reduce((sum, note) => sum + note.bytes, 0),
    };
  }

  #fragmentRun(note: FragmentNote): FragmentRun {
    return {
      // What still runs when somebody looks has not delivered everything.
      state: note.state === 'running' ? 'cancelled' : note.state,
      ...(note.counted && { rows: note.rows }),
      bytes: note.bytes,
      ms: (note.endedAt ?? performance.now()) - note.startedAt,
      startedMs: note.startedAt - this.#startedAt,
      ...(note.native !== undefined && { native: note.native }),
    };
  }

  #rowsSaved(edge: KeySetEdge): number {
    if (this.#keySets.get(edge.id)?.outcome === 'too-many-keys') return 0;
    const note = this.#fragments.get(edge.consumer);
    if (note?.counted === false)
      return Math.max(0, Math.round(edge.estimate.rowsWithout - edge.estimate.rowsWith));
    const delivered = note?.rows ?? 0;
    return Math.max(0, Math.round(edge.estimate.rowsWithout) - delivered);
  }
}
