import { duckdbDialect, renderQuery } from '@tributary/contract';
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
        producers: [...fragmentsOf(edge.producer)],
        keys: edge.keyColumns.map((column) => column.name),
        maxKeys: edge.maxKeys,
        estimatedKeys: edge.estimate.keys,
        estimatedRowsWithout: edge.estimate.rowsWithout,
        estimatedRowsWith: edge.estimate.rowsWith,
        ...(actual && { actual }),
      };
    }),
    ...(residual.kind === 'relation' && { residual: residualSql(residual.relation) }),
    ...(residual.kind === 'text' && { scanOnly: residual.reason }),
    decisions: plan.decisions,
    output: plan.output,
    ...(figures && { run: figures.run }),
  };
}

function residualSql(relation: Parameters<typeof renderQuery>[0]): string {
  return renderQuery(relation, { dialect: duckdbDialect, remoteTable: (fragment) => fragment }).sql;
}
