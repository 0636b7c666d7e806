import { TributaryError } from '@tributary/contract/errors';
import {
  type ColumnId,
  type DataType,
  type Rel,
  literal,
  someRel,
  typeName,
  visitRel,
} from '@tributary/contract/plan';
import { type Refusal, refusalOf, renderQuery } from '@tributary/contract/render';
import type { IFederatedDataSource, ParameterValue, ParameterValues } from '@tributary/contract/source';
import type { Binder, BoundStatement } from '../bind/binder.js';
import type { SchemaCache } from '../bind/schema-cache.js';
import type { TextTable } from '../bind/text-tables.js';
import {
  type OptimizeContext,
  foldConstants,
  optimize,
  pushDownFilters,
  simplifyPlan,
} from '../optimize/index.js';
import type { FederatedPlan, FragmentId, PushdownMode } from '../plan/federated-plan.js';
import { localDialect } from '../plan/local-dialect.js';
import { fitsExactly } from '../plan/parameter-fit.js';
import type { FederatedDataSourceRegistry } from '../registry/index.js';
import { type SplitContext, type SplitPlan, splitPlan } from '../split/split.js';
import { describePlan, renderConstant } from './describe.js';
import { PlanCache } from './plan-cache.js';
import { planningCosts } from './planning-costs.js';
import { planShow } from './show-plan.js';
import { sourceSupport } from './source-support.js';
import { type TableFacts, gatherTableFacts } from './table-facts.js';
import { planText } from './text-plan.js';
import { type UnheldParameters, noneUnheld, unheldParameters } from './unheld-parameters.js';

export interface PlannerOptions {
  /** Names of optimiser rules to leave out: for finding the rule behind a wrong answer. */
  readonly disabledRules?: ReadonlySet<string>;
}

/** From SQL text to a `FederatedPlan`: bind, fold, optimise, split. Plans are kept and reused for a while. */
export class Planner {
  readonly #registry: FederatedDataSourceRegistry;
  readonly #binder: Binder;
  readonly #schemas: SchemaCache;
  readonly #options: PlannerOptions;
  readonly #cache = new PlanCache();

  constructor(
    registry: FederatedDataSourceRegistry,
    binder: Binder,
    schemas: SchemaCache,
    options: PlannerOptions = {},
  ) {
    this.#registry = registry;
    this.#binder = binder;
    this.#schemas = schemas;
    this.#options = options;
    binder.onNewColumns(() => this.#cache.clear());
  }

  /** @throws TributaryError SQL.*, PLAN.* or a source's error */
  async plan(
    sql: string,
    given: ParameterValues,
    mode: PushdownMode,
    signal: AbortSignal,
  ): Promise<FederatedPlan> {
    const shown = await this.#binder.shown(sql, signal);
    if (shown !== undefined) {
      const [registry, schemas, views] = [this.#registry, this.#schemas, this.#binder.views()];
      return planShow(sql, mode, shown, { registry, schemas, views, signal });
    }
    let unheld = noneUnheld;
    for (;;) {
      const plan = await this.#planWithout(unheld, sql, given, mode, signal);
      const more = await unheldParameters(plan, given, unheld, {
        source: (id) => this.#source(id),
        cast: (value, type) => this.#cast(value, type),
      });
      if (more === unheld) return plan;
      unheld = more;
    }
  }

  /** Plans such that no source is sent a parameter that it cannot hold. */
  async #planWithout(
    unheld: UnheldParameters,
    sql: string,
    given: ParameterValues,
    mode: PushdownMode,
    signal: AbortSignal,
  ): Promise<FederatedPlan> {
    const keys = planKeys(sql, given, mode, unheld);
    const known = await this.#cache.get(keys.inferred, signal);
    // A value that the inferred types cannot hold exactly: the statement is bound with the values' own types.
    if (known !== undefined && acceptsAll(known, given)) return known;
    const typed = await this.#cache.get(keys.typed, signal);
    if (typed !== undefined) return typed;
    if (known === undefined) {
      const statement = await this.#bind((s) => this.#binder.bind(s, given, signal), sql, signal);
      const plan = await this.#make(
        statement,
        mode,
        unheld,
        statement.typed ? keys.typed : keys.inferred,
        signal,
      );
      if (statement.typed || acceptsAll(plan, given)) return plan;
    }
    const statement = await this.#bind((s) => this.#binder.bindTyped(s, given, signal), sql, signal);
    return this.#make(statement, mode, unheld, keys.typed, signal);
  }

  /** Binds, and binds again where a table no longer has the schema that its stub was made of. */
  async #bind(
    bind: (sql: string) => Promise<BoundStatement>,
    sql: string,
    signal: AbortSignal,
  ): Promise<BoundStatement> {
    const statement = await bind(sql);
    const stale = await this.#staleSources(statement.tables, signal);
    for (const sourceId of stale) await this.#binder.forget(sourceId);
    return stale.size === 0 ? statement : bind(sql);
  }

  /** Sources of which one of a statement's tables has changed. Within the cache's time this asks nobody. */
  async #staleSources(tables: readonly TextTable[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const stale = await Promise.all(
      tables.map(async ({ table }) => {
        const source = this.#registry.getSource(table.source);
        const now = source && (await this.#schemas.describe(source, table.path, signal));
        return now?.version === table.schema.version ? [] : [table.source];
      }),
    );
    return new Set(stale.flat());
  }

  /** Forgets plans; with a source, also what is known of its tables. */
  async forget(sourceId?: string): Promise<void> {
    this.#cache.clear();
    if (sourceId === undefined) return;
    this.#schemas.forget(sourceId);
    await this.#binder.forget(sourceId);
  }

  async #make(
    statement: BoundStatement,
    mode: PushdownMode,
    unheld: UnheldParameters,
    key: string,
    signal: AbortSignal,
  ): Promise<FederatedPlan> {
    let nextId = statement.nextId;
    const newId = (): ColumnId => nextId++;
    const { body, describes } = statement;
    if (body.kind === 'text') return this.#planText(statement, mode, body.reason, newId, signal);
    // The text could not find the described tables where it would run.
    if (mode === 'off' && !describes) return this.#planText(statement, mode, undefined, newId, signal);
    const folded = await this.#fold(simplifyPlan(body.relation));
    const facts = await gatherTableFacts(folded.relation, this.#registry, this.#schemas, signal);
    const context = this.#optimizeContext(facts, newId);
    const relation = optimize(folded.relation, context);
    const split = splitPlan(relation, this.#splitContext(relation, mode, context, unheld));
    const refused = localRefusal(split)?.why ?? (await this.#refusedByDuckdb(split));
    if (refused !== undefined) return this.#planText(statement, mode, refused, newId, signal);
    const { sql, output, parameters, tables } = statement;
    const plan: FederatedPlan = { sql, mode, ...split, output, parameters };
    const unchanged = async (now: AbortSignal): Promise<boolean> => {
      const [stale, isSame] = await Promise.all([this.#staleSources(tables, now), facts.unchanged(now)]);
      return stale.size === 0 && isSame;
    };
    if (folded.reusable && !describes) this.#cache.set(key, plan, unchanged);
    return plan;
  }

  async #planText(
    statement: BoundStatement,
    mode: PushdownMode,
    unknown: string | undefined,
    newId: () => ColumnId,
    signal: AbortSignal,
  ): Promise<FederatedPlan> {
    const facts = await gatherTableFacts(undefined, this.#registry, this.#schemas, signal);
    const context = this.#optimizeContext(facts, newId);
    return planText(statement, unknown, this.#splitContext(emptyRelation, mode, context));
  }

  /**
   * DuckDB takes a correlated subquery in the user's words, but not always in those that are left when parts of it have gone to
   * sources. Such relations are few, so asking it costs little.
   */
  async #refusedByDuckdb(split: SplitPlan): Promise<string | undefined> {
    for (const relation of localRelations(split)) {
      if (!someRel(relation, (rel) => rel.kind === 'dependent-join')) continue;
      const refusal = await this.#binder.refusal(localSql(relation));
      if (refusal !== undefined) return `a correlated subquery (${refusal})`;
    }
    return undefined;
  }

  #fold(relation: Rel): ReturnType<typeof foldConstants> {
    return foldConstants(relation, renderConstant, (exprs) => this.#binder.evaluate(exprs));
  }

  /** What does not fit is for the execution to complain of. */
  async #cast(value: ParameterValue, type: DataType): Promise<string | null | undefined> {
    const constant = renderConstant({
      kind: 'cast',
      arg: literal(value.type, value.value),
      type,
      try: false,
    });
    try {
      const [text] = await this.#binder.evaluate([constant]);
      return text;
    } catch {
      return undefined;
    }
  }

  #optimizeContext(facts: TableFacts, newId: () => ColumnId): OptimizeContext {
    const { disabledRules } = this.#options;
    return {
      ...facts,
      info: (id) => this.#registry.getSource(id)?.getInfo(),
      newId,
      ...(disabledRules && { disabledRules }),
    };
  }

  #splitContext(
    relation: Rel,
    mode: PushdownMode,
    context: OptimizeContext,
    unheld: UnheldParameters = noneUnheld,
  ): SplitContext {
    return {
      mode,
      newId: context.newId,
      source: (id) => this.#source(id),
      costs: planningCosts(context, relation),
      support: sourceSupport(relation, unheld),
      describe: describePlan(relation),
      pushDownFilters: (rel) => pushDownFilters(rel, context),
    };
  }

  #source(id: string): IFederatedDataSource {
    const source = this.#registry.getSource(id);
    if (source !== undefined) return source;
    throw new TributaryError('SQL.UNKNOWN_TABLE', {
      message: `The source "${id}" is no longer registered.`,
      sourceId: id,
    });
  }
}

const emptyRelation: Rel = { kind: 'values', columns: [], rows: [] };

/** Why the engine's own part cannot be written as DuckDB SQL: a few shapes of decorrelated subqueries have no exact form. */
function localRefusal(split: SplitPlan): Refusal | undefined {
  return refusalOf(() => localRelations(split).map(localSql));
}

/** What DuckDB does itself. */
function localRelations({ residual, keySets, held }: SplitPlan): readonly Rel[] {
  if (residual.kind === 'none') return [];
  const parts = [...keySets.map(({ producer }) => producer), ...held.map(({ relation }) => relation)];
  return [residual.relation, ...parts];
}

/** The relation over fragments without rows. */
function localSql(relation: Rel): string {
  const empty = new Map<FragmentId, string>();
  visitRel(relation, (rel) => {
    if (rel.kind !== 'remote') return;
    const columns = rel.columns.map(({ type }, i) => `NULL::${typeName(type)} AS c${i}`);
    empty.set(rel.fragment, `(SELECT ${columns.length === 0 ? '1' : columns.join(', ')} WHERE false)`);
  });
  const remoteTable = (fragment: FragmentId): string => empty.get(fragment) ?? fragment;
  return renderQuery(relation, { dialect: localDialect, outputNames: 'positional', remoteTable }).sql;
}

function acceptsAll(plan: FederatedPlan, given: ParameterValues): boolean {
  return plan.parameters.every(({ name, type }) => {
    const value = given.get(name);
    return value === undefined || type === undefined || fitsExactly(value, type);
  });
}

/**
 * A plan whose parameters have their values' types is good for values of the same types only, and one that was made because of values
 * that a source cannot hold, for such values.
 */
function planKeys(
  sql: string,
  given: ParameterValues,
  mode: PushdownMode,
  unheld: UnheldParameters,
): { readonly inferred: string; readonly typed: string } {
  const types = [...given].map(([name, value]) => [name, typeName(value.type)]);
  const kept = [...unheld].map(([source, names]) => [source, ...names]);
  return { inferred: JSON.stringify([mode, sql, kept]), typed: JSON.stringify([mode, sql, kept, types]) };
}
