import {
  type ExecuteContext,
  type KeySetId,
  type KeySetValues,
  type Rel,
  type RemoteQueryPlan,
  type RelationResult,
  type RemoteResult,
  TributaryError,
  visitRel,
} from '@tributary/contract';
import type { RecordBatch } from 'apache-arrow';
import type { Fragment, FragmentId, HeldRelation, KeySetEdge } from '../plan/federated-plan.js';
import { duckdbError } from './duckdb/duckdb-errors.js';
import type { ReadRelation } from './unreadable-object.js';
import { type KeySetOutcome, evaluateKeySet } from './key-set-evaluation.js';
import type { KeyedJoin } from './keyed-join.js';
import { keepSmall } from './keep-small.js';
import { type QueryContext, openSession } from './query-context.js';
import { canBeInline, maxInlineRows, stageFewRows } from './inline-relation.js';
import { renderLocal, storeLocal } from './render-local.js';
import { callSource, timedBatches } from './source-call.js';
import { SourceClock } from './source-clock.js';
import { sourceError } from './source-errors.js';
import { type StagedRelation, emptyRelation, stageBatches } from './staged-relation.js';
import { stripRequest } from './strip-key-sets.js';

/** A fragment as it is to be sent: planned without the key sets that were dropped. */
interface ReadyFragment {
  readonly remote: RemoteQueryPlan;
  readonly keySets: ReadonlyMap<KeySetId, KeySetValues>;
  /** Estimated rows, with the keys' actual number. */
  readonly rows: number;
}

type Form = ExecuteContext['prefer'];

/** A source's answer that still streams; the clock runs while somebody waits for it. */
export interface OpenResult {
  readonly result: RemoteResult;
  readonly clock: SourceClock;
}

/** Runs one query's fragments, each once, as soon as its key sets are known. */
export class FragmentRunner {
  readonly #calls = new Set<Promise<unknown>>();
  readonly #query: QueryContext;
  readonly #fragments: ReadonlyMap<FragmentId, Fragment>;
  readonly #held: ReadonlyMap<FragmentId, HeldRelation>;
  readonly #readers: ReadonlyMap<FragmentId, number>;
  readonly #relations = new Map<FragmentId, Promise<StagedRelation>>();
  readonly #keySets = new Map<KeySetId, Promise<KeySetOutcome>>();
  readonly #readInPlace: ReadRelation[] = [];

  constructor(query: QueryContext) {
    this.#query = query;
    this.#fragments = new Map(query.plan.fragments.map((fragment) => [fragment.id, fragment]));
    this.#held = new Map(query.plan.held.map((held) => [held.id, held]));
    this.#readers = countReaders(query.plan);
  }

  /** Work that must have ended before the query's resources go. */
  pending(): readonly Promise<unknown>[] {
    return [...this.#calls, ...this.#relations.values(), ...this.#keySets.values()];
  }

  /** The relations whose objects DuckDB reads itself. */
  get readInPlace(): readonly ReadRelation[] {
    return this.#readInPlace;
  }

  /** Starts all fragments at once and waits for their relations. */
  async allRelations(): Promise<ReadonlyMap<FragmentId, StagedRelation>> {
    return this.#relationsOf([...this.#fragments.keys(), ...this.#held.keys()]);
  }

  /** The result of a fragment, or of a held relation, as a relation; it is run at the first call. */
  relation(id: FragmentId): Promise<StagedRelation> {
    return remembered(this.#relations, id, () => {
      const held = this.#held.get(id);
      return held === undefined ? this.#stage(this.fragment(id)) : this.#hold(held);
    });
  }

  /** Whether the join's keys are sent to its consumer, which finds exactly their rows, so that nothing is left to join. */
  async isSettled({ edge, producer, consumer, needsUniqueKeys }: KeyedJoin): Promise<boolean> {
    const { capabilities } = this.#query.runtime.source(this.fragment(consumer).sourceId).getInfo();
    const isExact = edge.keyColumns.every(({ type }) => capabilities.keySets?.exact?.(type) === true);
    if (!isExact) return false;
    const outcome = await this.#keySet(edge);
    if (outcome.kind !== 'sent' || !needsUniqueKeys) return outcome.kind === 'sent';
    const { rows } = await this.relation(producer);
    return rows === outcome.values.count;
  }

  fragment(id: FragmentId): Fragment {
    const fragment = this.#fragments.get(id);
    if (fragment === undefined) {
      throw new TributaryError('ENGINE.INTERNAL', { message: `The plan names an unknown fragment ${id}.` });
    }
    return fragment;
  }

  /** Sends the fragment; undefined when an empty key set proves that it yields nothing. */
  async open(fragment: Fragment, form: (rows: number) => Form): Promise<OpenResult | undefined> {
    const ready = await this.#ready(fragment);
    if (ready === undefined) {
      this.#query.recorder.fragmentEnded(fragment, 'skipped');
      return undefined;
    }
    const { runtime, lifetime, spool, recorder, parameters, control } = this.#query;
    const timeoutMs = runtime.timeoutMs(fragment.sourceId);
    const clock = new SourceClock(fragment.sourceId, timeoutMs, control.signal);
    recorder.fragmentStarted(fragment, ready.remote.native);
    const context = {
      query: lifetime,
      signal: clock.signal,
      timeoutMs,
      parameters,
      keySets: ready.keySets,
      prefer: form(ready.rows),
      spool,
      onProgress: (rows: number, bytes: number) => recorder.fragmentProgress(fragment, rows, bytes),
    };
    try {
      const source = runtime.source(fragment.sourceId);
      return { result: await callSource(source, ready.remote, context, clock, this.#calls), clock };
    } catch (error) {
      clock.stop();
      this.#failed(fragment);
      throw error;
    }
  }

  /** The batches of an open result, timed and counted; the fragment has ended when they have. */
  async *batches(
    fragment: Fragment,
    batches: AsyncIterable<RecordBatch>,
    clock: SourceClock,
  ): AsyncGenerator<RecordBatch, void, undefined> {
    let rows = 0;
    let bytes = 0;
    let done = false;
    try {
      for await (const batch of timedBatches(batches, fragment.sourceId, clock, this.#calls)) {
        rows += batch.numRows;
        bytes += batch.data.byteLength;
        this.#query.recorder.fragmentProgress(fragment, rows, bytes);
        yield batch;
      }
      done = true;
      this.#query.recorder.fragmentEnded(fragment, 'done');
    } finally {
      clock.stop();
      if (!done) this.#failed(fragment);
    }
  }

  async #relationsOf(ids: readonly FragmentId[]): Promise<ReadonlyMap<FragmentId, StagedRelation>> {
    const relations = await Promise.all(ids.map((id) => this.relation(id)));
    return new Map(ids.map((id, index) => [id, relations[index] ?? emptyRelation([])]));
  }

  async #hold({ relation }: HeldRelation): Promise<StagedRelation> {
    const relations = await this.#relationsOf(remotesOf(relation));
    try {
      await using session = await openSession(this.#query);
      return await storeLocal(this.#query, session, renderLocal(relation, relations));
    } catch (error) {
      throw duckdbError(error, this.#query.runtime.localSources);
    }
  }

  async #stage(fragment: Fragment): Promise<StagedRelation> {
    const isInlineable = fragment.statistics !== 'default' && canBeInline(fragment.columns);
    const opened = await this.open(fragment, (rows) =>
      isInlineable && rows <= maxInlineRows ? 'batches' : 'relation',
    );
    if (opened === undefined) return emptyRelation(fragment.columns);
    const { result, clock } = opened;
    if (result.kind === 'relation') {
      clock.stop();
      return this.keep(fragment, result);
    }
    try {
      const batches = this.batches(fragment, result.batches, clock);
      const stage = isInlineable ? stageFewRows : stageBatches;
      return await stage(result.schema, batches, fragment.columns, this.#query.spool);
    } catch (error) {
      throw sourceError(error, fragment.sourceId, clock.signal);
    }
  }

  /** Keeps a relation of the source until the query ends. */
  async keep(fragment: Fragment, result: RelationResult): Promise<StagedRelation> {
    const { lifetime, recorder, plan, measure } = this.#query;
    lifetime.onEnd(() => result.release());
    this.#readInPlace.push({ sourceId: fragment.sourceId, result });
    const relation: StagedRelation = {
      from: `(${result.sql})`,
      ...(result.rows !== undefined && { rows: result.rows }),
    };
    try {
      const isShared = (this.#readers.get(fragment.id) ?? 0) > 1 && plan.residual.kind === 'relation';
      const kept = isShared ? await keepSmall(this.#query, fragment, relation) : relation;
      const rows = kept.rows ?? (measure ? await this.#count(relation) : undefined);
      recorder.fragmentProgress(fragment, rows ?? 0, result.bytes ?? 0);
      if (rows === undefined) recorder.fragmentUncounted(fragment);
      recorder.fragmentEnded(fragment, 'done');
      return kept;
    } catch (error) {
      this.#failed(fragment);
      throw duckdbError(error, this.#query.runtime.localSources);
    }
  }

  async #count(relation: StagedRelation): Promise<number> {
    await using session = await openSession(this.#query);
    const [[count] = []] = await session.rows(`SELECT count(*) FROM ${relation.from} AS s`);
    return Number(count);
  }

  /** Waits for the fragment's key sets and plans it anew without those that came out too large. */
  async #ready(fragment: Fragment): Promise<ReadyFragment | undefined> {
    const edges = this.#query.plan.keySets.filter((edge) => edge.consumer === fragment.id);
    if (edges.length === 0)
      return { remote: fragment.remote, keySets: new Map(), rows: fragment.estimate.rows };
    const keySets = new Map<KeySetId, KeySetValues>();
    const dropped = new Set<KeySetId>();
    let { rows } = fragment.estimate;
    const outcomes = await Promise.all(edges.map((edge) => this.#keySet(edge)));
    for (const [index, edge] of edges.entries()) {
      const outcome = outcomes[index];
      if (outcome?.kind === 'sent') {
        keySets.set(edge.id, outcome.values);
        rows = Math.min(
          rows,
          (edge.estimate.rowsWith / Math.max(1, edge.estimate.keys)) * outcome.values.count,
        );
      } else if (outcome?.kind === 'empty' && edge.emptySkips) return undefined;
      else dropped.add(edge.id);
    }
    if (dropped.size === 0) return { remote: fragment.remote, keySets, rows };
    const rowsWithout = Math.max(
      ...edges.filter((edge) => dropped.has(edge.id)).map((edge) => edge.estimate.rowsWithout),
    );
    const request = stripRequest(fragment.remote.request, dropped, rowsWithout);
    const source = this.#query.runtime.source(fragment.sourceId);
    return { remote: source.planRemoteQuery(request), keySets, rows: rowsWithout };
  }

  #keySet(edge: KeySetEdge): Promise<KeySetOutcome> {
    return remembered(this.#keySets, edge.id, async () => {
      const relations = await this.#relationsOf(remotesOf(edge.producer));
      try {
        return await evaluateKeySet(this.#query, edge, relations);
      } catch (error) {
        throw duckdbError(error, this.#query.runtime.localSources);
      }
    });
  }

  #failed(fragment: Fragment): void {
    this.#query.recorder.fragmentEnded(fragment, this.#query.control.signal.aborted ? 'cancelled' : 'failed');
  }
}

/** How many relations read each fragment's result. */
function countReaders(plan: QueryContext['plan']): ReadonlyMap<FragmentId, number> {
  const readers = new Map<FragmentId, number>();
  const relations = [...plan.keySets.map((edge) => edge.producer), ...plan.held.map((held) => held.relation)];
  if (plan.residual.kind === 'relation') relations.push(plan.residual.relation);
  for (const relation of relations) {
    visitRel(relation, (rel) => {
      if (rel.kind === 'remote') readers.set(rel.fragment, (readers.get(rel.fragment) ?? 0) + 1);
    });
  }
  return readers;
}

function remotesOf(relation: Rel): readonly FragmentId[] {
  const ids = new Set<FragmentId>();
  visitRel(relation, (rel) => {
    if (rel.kind === 'remote') ids.add(rel.fragment);
  });
  return [...ids];
}

function remembered<Key, Value>(
  known: Map<Key, Promise<Value>>,
  key: Key,
  make: () => Promise<Value>,
): Promise<Value> {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
