import type { ParameterValue } from '@tributary/contract';
import { TributaryError } from '@tributary/contract';
import type { QueryResult } from '../api.js';
import type { ExplainDocument } from '../explain/document.js';
import type { FederatedPlan } from '../plan/federated-plan.js';
import { settled } from './aborting.js';
import { type AnswerStream, openAnswer } from './answer-stream.js';
import { duckdbError } from './duckdb/duckdb-errors.js';
import { FragmentRunner } from './fragment-runner.js';
import { castStatement } from './local-stream.js';
import { type CastText, coerceParameters } from './parameters.js';
import type { QueryContext } from './query-context.js';
import { QueryControl } from './query-control.js';
import { StreamedResult } from './query-result.js';
import { QuerySchema } from './query-schema.js';
import { QueryLifetime } from './query-scope.js';
import { type ProgressListener, type RunRecord, RunRecorder } from './run-recorder.js';
import type { ExecutorRuntime, Stoppable } from './runtime.js';
import { DuckdbSession } from './duckdb/duckdb-session.js';

export interface ExecuteOptions {
  /** As `inferParameters` gives them. */
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** Makes the EXPLAIN document of the plan with the run's figures. */
  readonly explain: (record: RunRecord) => ExplainDocument;
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole query. */
  readonly timeoutMs?: number;
  readonly onProgress?: ProgressListener;
  /** Milliseconds that planning took, for the record. */
  readonly planMs?: number;
  /** Count the rows of relations that come without a count (EXPLAIN ANALYZE). */
  readonly measure?: boolean;
}

/** How long a source may take to stop, in milliseconds, before the query ends without it. */
const patienceMs = 5000;

/**
 * Runs a plan. Resolves when the first rows can be pulled; fails, with everything cleaned up, when a source or the
 * statement fails before that.
 */
export async function executePlan(
  plan: FederatedPlan,
  runtime: ExecutorRuntime,
  options: ExecuteOptions,
): Promise<QueryResult> {
  const execution = new QueryExecution(plan, runtime, options);
  return new StreamedResult(plan, execution, await execution.start(), options.explain);
}

/** One query from its first fragment to the last file removed. */
export class QueryExecution implements Stoppable {
  readonly recorder: RunRecorder;
  readonly #plan: FederatedPlan;
  readonly #runtime: ExecutorRuntime;
  readonly #options: ExecuteOptions;
  readonly #control: QueryControl;
  readonly #lifetime: QueryLifetime;
  #runner: FragmentRunner | undefined;
  #stream: AnswerStream | undefined;
  #completed = false;
  #ended: Promise<void> | undefined;

  constructor(plan: FederatedPlan, runtime: ExecutorRuntime, options: ExecuteOptions) {
    this.#plan = plan;
    this.#runtime = runtime;
    this.#options = options;
    const id = runtime.nextQueryId();
    this.#control = new QueryControl(options.signal, options.timeoutMs);
    this.recorder = new RunRecorder(plan, options.planMs ?? 0, options.onProgress);
    const contexts = plan.fragments.map(
      (fragment) => runtime.source(fragment.sourceId).getInfo().computeContext,
    );
    this.#lifetime = new QueryLifetime(id, this.#control.signal, contexts);
  }

  async start(): Promise<AnswerStream> {
    this.#runtime.started(this);
    try {
      this.#stream = await this.#open();
      return this.#stream;
    } catch (error) {
      throw await this.failed(error);
    }
  }

  /** Ends the query because of an error, and returns the one that the caller shall see: the first. */
  async failed(error: unknown): Promise<TributaryError> {
    const failure = duckdbError(error, this.#runtime.localSources);
    this.#control.stop(failure);
    await this.end();
    return this.#control.failure ?? failure;
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
    this.#lifetime.onEnd(async () => leave());
    const spool = this.#runtime.spill.openQuerySpool(this.#lifetime.id);
    this.#lifetime.onEnd(() => spool.remove());
    const schema = new QuerySchema(this.#runtime.room, this.#lifetime.id);
    this.#lifetime.onEnd(() => schema.drop());
    const query: QueryContext = {
      plan: this.#plan,
      runtime: this.#runtime,
      control: this.#control,
      lifetime: this.#lifetime,
      spool,
      schema,
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
