import { type Rel, duckdbDialect, renderQuery } from '@tributary/contract';
import type { FederatedPlan } from '../plan/federated-plan.js';
import { fragmentsOf } from '../split/fragments.js';
import type { ExplainDocument, ExplainFragment, ExplainKeySet, ExplainRun, FragmentRun } from './document.js';

/** What happened in a run, by fragment and key set. */
export interface RunFigures {
  readonly fragments: ReadonlyMap<string, FragmentRun>;
  readonly keySets: ReadonlyMap<string, NonNullable<ExplainKeySet['actual']>>;
  readonly run: ExplainRun;
}

/**
 * The EXPLAIN document of a plan, with a run's figures where there was one.
 * @param connectorOf the connector's name of a source
 */
export function explainPlan(
  plan: FederatedPlan,
  connectorOf: (sourceId: string) => string,
  figures?: RunFigures,
): ExplainDocument {
  const { residual } = plan;
  return {
    sql: plan.sql,
    pushdown: plan.mode,
    fragments: plan.fragments.map((fragment): ExplainFragment => {
      const actual = figures?.fragments.get(fragment.id);
      return {
        id: fragment.id,
        sourceId: fragment.sourceId,
        connector: connectorOf(fragment.sourceId),
        native: fragment.remote.native,
        estimatedRows: fragment.estimate.rows,
        estimatedBytes: fragment.estimate.bytes,
        statistics: fragment.statistics,
        ...(actual && { actual }),
      };
    }),
    keySets: plan.keySets.map((edge): ExplainKeySet => {
      const actual = figures?.keySets.get(edge.id);
      return {
        id: edge.id,
        consumer: edge.consumer,
        producers: producersOf(plan, edge.producer),
        keys: edge.keyColumns.map((column) => column.name),
        maxKeys: edge.maxKeys,
        estimatedKeys: edge.estimate.keys,
        estimatedRowsWithout: edge.estimate.rowsWithout,
        estimatedRowsWith: edge.estimate.rowsWith,
        ...(actual && { actual }),
      };
    }),
    held: plan.held.map(({ id, relation }) => ({ id, sql: localSql(relation) })),
    ...(residual.kind === 'relation' && { residual: localSql(residual.relation) }),
    ...(residual.kind === 'text' && { scanOnly: residual.reason }),
    decisions: plan.decisions,
    output: plan.output,
    ...(figures && { run: figures.run }),
  };
}

/** The fragments that a relation reads, by way of held relations too. */
function producersOf(plan: FederatedPlan, relation: Rel): readonly string[] {
  const ids = [...fragmentsOf(relation)].flatMap((id) => {
    const part = plan.held.find((each) => each.id === id);
    return part === undefined ? [id] : producersOf(plan, part.relation);
  });
  return [...new Set(ids)];
}

function localSql(relation: Rel): string {
  return renderQuery(relation, { dialect: duckdbDialect, remoteTable: (fragment) => fragment }).sql;
}
