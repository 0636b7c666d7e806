import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import {
  type Binding,
  type ParameterValues,
  type Rel,
  type RenderedQuery,
  TributaryError,
  renderQuery,
} from '@tributary/contract';
import { localDialect } from '../plan/local-dialect.js';
import type { DuckdbSession } from './duckdb/duckdb-session.js';
import type { QueryContext } from './query-context.js';
import type { StagedRelation } from './staged-relation.js';

/** A relation over fragments' results as DuckDB SQL, its columns `c0`, `c1`, ... by position. */
export function renderLocal(relation: Rel, relations: ReadonlyMap<string, StagedRelation>): RenderedQuery {
  return renderQuery(relation, {
    dialect: localDialect,
    outputNames: 'positional',
    remoteTable: (fragment) => {
      const staged = relations.get(fragment);
      if (staged === undefined) {
        throw new TributaryError('ENGINE.INTERNAL', {
          message: `The plan reads an unknown fragment ${fragment}.`,
        });
      }
      return staged.from;
    },
  });
}

/** Evaluates it into a table that the query has to itself. */
export async function storeLocal(
  { tables, parameters }: Pick<QueryContext, 'tables' | 'parameters'>,
  session: DuckdbSession,
  { sql, bindings }: RenderedQuery,
): Promise<StagedRelation & { readonly rows: number }> {
  const table = tables.newName();
  const statement = await session.prepare(`CREATE TABLE ${table} AS ${sql}`);
  bindResidual(statement, bindings, parameters);
  const { rowsChanged } = await session.call(() => statement.run());
  return { from: table, rows: rowsChanged };
}

/** Values go as text: the dialect's placeholders carry the cast to their type. */
export function bindResidual(
  statement: DuckDBPreparedStatement,
  bindings: readonly Binding[],
  parameters: ParameterValues,
): void {
  for (const [index, binding] of bindings.entries()) {
    if (binding.kind === 'key-set') {
      throw new TributaryError('ENGINE.INTERNAL', {
        message: 'A key set was left in the local part of the plan.',
      });
    }
    const parameter = parameters.get(binding.name);
    if (parameter === undefined) {
      throw new TributaryError('SQL.PARAMETER', { message: `The parameter $${binding.name} has no value.` });
    }
    if (parameter.value === null) statement.bindNull(index + 1);
    else statement.bindVarchar(index + 1, parameter.value);
  }
}
