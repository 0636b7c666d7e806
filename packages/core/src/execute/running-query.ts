import { TributaryError } from '@tributary/contract';
import type { FederatedPlan } from '../plan/federated-plan.js';
import { settled } from './aborting.js';
import { type AnswerStream, openAnswer } from './answer-stream.js';
import { duckdbError } from './duckdb/duckdb-errors.js';
import type { ExecuteOptions } from './execute-options.js';
import { FragmentRunner } from './fragment-runner.js';
import { castStatement } from './local-stream.js';
import { type CastText, coerceParameters } from './parameters.js';
import type { QueryContext } from './query-context.js';
import { QueryControl } from './query-control.js';
import { QueryLifetime } from './query-scope.js';
import { QueryTables } from './query-tables.js';
import { RunRecorder } from './run-recorder.js';
import type { ExecutorRuntime, Stoppable } from './runtime.js';
import { DuckdbSession } from './duckdb/duckdb-session.js';
import { mayBeUnreadableObject, underItsOwnName, unreadableObject } from './unreadable-object.js';

/** How long a source may take to stop, in milliseconds, before the query ends without it. */
const patienceMs = 5000;

/** How long a result may lie unread before its place goes to the next query, in milliseconds. */
const idleMs = 500;

/** One query from its first fragment to the last file removed. */
export class RunningQuery implements Stoppable {
  readonly recorder: RunRecorder;
  readonly #plan: FederatedPlan;
  readonly #runtime: ExecutorRuntime;
  readonly #options: ExecuteOptions;
  readonly #control: QueryControl;
  readonly #lifetime: QueryLifetime;
  #runner: FragmentRunner | undefined;
  #stream: AnswerStream | undefined;
  #leave: (() => void) | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #completed = false;
  #ended: Promise<void> | undefined;

  constructor(plan: FederatedPlan, runtime: ExecutorRuntime, options: ExecuteOptions) {
    this.#plan = plan;
    this.#runtime = runtime;
    this.#options = options;
    const id = runtime.nextQueryId();
    const { startedAt = performance.now(), begunAt = startedAt } = options;
    this.#control = new QueryControl(options.signal, options.timeoutMs, startedAt);
    this.recorder = new RunRecorder(plan, options.planMs ?? 0, options.onProgress);
    const contexts = plan.fragments.map(
      (fragment) => runtime.source(fragment.sourceId).getInfo().computeContext,
    );
    this.#lifetime = new QueryLifetime({ id, startedAt: begunAt, signal: this.#control.signal }, contexts);
  }

  async start(): Promise<AnswerStream> {
    this.#runtime.started(this);
    try {
      this.#stream = await this.#open();
      this.unread();
      return this.#stream;
    } catch (error) {
      throw await this.failed(error);
    }
  }

  /** The caller waits for rows. */
  reading(): void {
    clearTimeout(this.#idleTimer);
  }

  /**
   * The caller has rows or a result that he does not read on. After a while the query gives up its place among those
   * that run at once: whoever opens more results than that and reads them one by one must not wait for ever.
   */
  unread(): void {
    this.#idleTimer = setTimeout(() => this.#leave?.(), idleMs);
  }

  /** Ends the query because of an error, and returns the one that the caller shall see: the first. */
  async failed(error: unknown): Promise<TributaryError> {
    const found = (await this.#unreadable(error)) ?? duckdbError(error, this.#runtime.localSources);
    const failure = underItsOwnName(found, this.#runner?.readInPlace ?? []);
    this.#control.stop(failure);
    await this.end();
    return this.#control.failure ?? failure;
  }

  /** The object behind an error of DuckDB's that names none. */
  async #unreadable(error: unknown): Promise<TributaryError | undefined> {
    const relations = this.#runner?.readInPlace ?? [];
    if (this.#control.signal.aborted || !mayBeUnreadableObject(error)) return undefined;
    return unreadableObject(relations, this.#runtime.room, this.#control.signal);
  }

  /** @throws TributaryError when something failed although the rows ended properly. */
  async complete(): Promise<void> {
    if (this.#control.failure !== undefined) throw this.#control.failure;
    this.#completed = true;
    await this.end();
  }

  /** Stops whatever still runs; the reason is what a reader who waits for rows will see. */
  async stop(reason: TributaryError): Promise<void> {
    this.#control.stop(reason);
    await this.end();
  }

  /** Waits for all work to stop and removes everything the query had. */
  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #open(): Promise<AnswerStream> {
    const { signal } = this.#control;
    const leave = await this.#runtime.admission.enter(signal);
    this.#leave = leave;
    this.#lifetime.onEnd(async () => leave());
    const spool = this.#runtime.spill.openQuerySpool(this.#lifetime.id);
    this.#lifetime.onEnd(() => spool.remove());
    const tables = new QueryTables(this.#runtime.room, this.#lifetime.id);
    this.#lifetime.onEnd(() => tables.drop());
    const query: QueryContext = {
      plan: this.#plan,
      runtime: this.#runtime,
      control: this.#control,
      lifetime: this.#lifetime,
      spool,
      tables,
      recorder: this.recorder,
      parameters: await coerceParameters(this.#options.parameters, this.#plan.parameters, this.#cast),
      measure: this.#options.measure ?? false,
    };
    this.#runner = new FragmentRunner(query);
    return openAnswer(query, this.#runner);
  }

  readonly #cast: CastText = async (value, type) => {
    await using session = await DuckdbSession.open(this.#runtime.room, this.#control.signal);
    const statement = await castStatement(session, value, type);
    const reader = await session.call(() => statement.runAndReadAll());
    const [[text] = []] = reader.getRows();
    return text === null || text === undefined ? null : String(text);
  };

  async #end(): Promise<void> {
    clearTimeout(this.#idleTimer);
    if (!this.#completed) {
      this.#control.stop(new TributaryError('QUERY.CANCELLED', { message: 'The result was closed.' }));
    }
    const reading = this.#completed ? undefined : this.#stream?.return();
    const pending = this.#runner?.pending() ?? [];
    await settled(reading === undefined ? pending : [...pending, reading], patienceMs);
    await this.#lifetime.end();
    this.#control[Symbol.dispose]();
    this.recorder.ended();
    this.#runtime.ended(this);
    this.#emit();
  }

  #emit(): void {
    const error = this.#completed ? undefined : this.#control.failure;
    this.#runtime.events.emit('query.federated.execute', {
      queryId: this.#lifetime.id,
      sql: this.#plan.sql,
      sources: this.recorder.sourceTimings(),
      planMs: this.#options.planMs ?? 0,
      totalMs: this.recorder.totalMs,
      rows: this.recorder.rows,
      outcome: error === undefined ? 'done' : error.code === 'QUERY.CANCELLED' ? 'cancelled' : 'failed',
      ...(error !== undefined && { error }),
    });
  }
}
