import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IFederatedDataSource } from '@tributary/contract';
import type { EngineEvents, EngineOptions, QueryResult } from '../../src/api.js';
import type { ExplainDocument } from '../../src/explain/document.js';
import { EventBus } from '../../src/execute/event-bus.js';
import { resolveLimits } from '../../src/execute/limits.js';
import type { ExecuteOptions } from '../../src/execute/execute-options.js';
import { executePlan } from '../../src/execute/query-execution.js';
import type { RunRecord } from '../../src/execute/run-recorder.js';
import { ExecutorRuntime } from '../../src/execute/runtime.js';
import type { FederatedPlan } from '../../src/plan/federated-plan.js';

/** An executor over test sources, with a spill directory that can be looked into. */
export class TestRuntime implements AsyncDisposable {
  readonly runtime: ExecutorRuntime;
  readonly events: EventBus<EngineEvents>;
  readonly spillDirectory: string;
  /** The record of the last plan that was run. */
  record: (() => RunRecord) | undefined;

  private constructor(runtime: ExecutorRuntime, events: EventBus<EngineEvents>, spillDirectory: string) {
    this.runtime = runtime;
    this.events = events;
    this.spillDirectory = spillDirectory;
  }

  static async open(
    sources: readonly IFederatedDataSource[],
    options: Omit<EngineOptions, 'sources'> = {},
  ): Promise<TestRuntime> {
    const spillDirectory = mkdtempSync(join(tmpdir(), 'executor-test-'));
    const events = new EventBus<EngineEvents>();
    const limits = resolveLimits({ threads: 2, memoryLimit: '512MB', spillDirectory, ...options });
    return new TestRuntime(await ExecutorRuntime.open({ sources, limits, events }), events, spillDirectory);
  }

  run(plan: FederatedPlan, options: Partial<ExecuteOptions> = {}): Promise<QueryResult> {
    return executePlan(plan, this.runtime, {
      parameters: new Map(),
      explain: (record) => this.#explain(plan, record),
      ...options,
    });
  }

  /** Staged files and directories of queries; DuckDB's own spill directory is always there. */
  staged(): readonly string[] {
    return readdirSync(this.runtime.spill.path).filter((name) => name !== 'duckdb');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runtime.close();
    rmSync(this.spillDirectory, { recursive: true });
  }

  #explain(plan: FederatedPlan, record: RunRecord): ExplainDocument {
    this.record = () => record;
    return {
      sql: plan.sql,
      pushdown: plan.mode,
      fragments: plan.fragments.map((fragment) => {
        const actual = record.fragments.get(fragment.id);
        return {
          id: fragment.id,
          sourceId: fragment.sourceId,
          connector: 'memory',
          native: fragment.remote.native,
          estimatedRows: fragment.estimate.rows,
          estimatedBytes: fragment.estimate.bytes,
          statistics: fragment.statistics,
          ...(actual && { actual }),
        };
      }),
      keySets: [],
      held: [],
      decisions: [],
      output: plan.output,
      run: record.run,
    };
  }
}
