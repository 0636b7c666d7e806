import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import type { RecordBatch, Schema } from 'apache-arrow';
import type { Fragment, Residual } from '../plan/federated-plan.js';
import { arrowSchemaOf } from './arrow/arrow-schema.js';
import { batchOf } from './arrow/batch-builder.js';
import { DuckdbSession } from './duckdb/duckdb-session.js';
import type { FragmentRunner } from './fragment-runner.js';
import { keyedJoin } from './keyed-join.js';
import { bindTyped, openLocalStream } from './local-stream.js';
import { type QueryContext, openSession } from './query-context.js';
import { bindResidual, renderLocal } from './render-local.js';
import { stageBatches } from './staged-relation.js';
import { openTextRoom } from './text-room.js';

export type AnswerStream = AsyncGenerator<RecordBatch, void, undefined>;

/** Runs the plan up to the point where its rows can be pulled. */
export function openAnswer(query: QueryContext, runner: FragmentRunner): Promise<AnswerStream> {
  const { residual } = query.plan;
  switch (residual.kind) {
    case 'none':
      return passThrough(query, runner, residual.fragment);
    case 'relation':
      return runRelation(query, runner, residual);
    case 'text':
      return runText(query, runner, residual);
  }
}

/**
 * One fragment's rows are the answer's: its batches go straight through where their types are those of the answer.
 * @param columns the answer's columns as positions among the fragment's; absent: all of them
 */
async function passThrough(
  query: QueryContext,
  runner: FragmentRunner,
  id: string,
  columns?: readonly number[],
): Promise<AnswerStream> {
  const fragment = runner.fragment(id);
  const picked = columns ?? fragment.columns.map((_, position) => position);
  const schema = arrowSchemaOf(query.plan.output);
  const opened = await runner.open(fragment, () => 'batches');
  if (opened === undefined) return nothing();
  const { result, clock } = opened;
  if (result.kind === 'relation') {
    clock.stop();
    const relation = await runner.keep(fragment, result);
    return readRelation(query, fragment, relation.from, picked);
  }
  const batches = runner.batches(fragment, result.batches, clock);
  if (sameTypes(schema, result.schema, picked)) return renamed(batches, schema, picked);
  const staged = await stageBatches(result.schema, batches, fragment.columns, query.spool);
  return readRelation(query, fragment, staged.from, picked);
}

async function readRelation(
  query: QueryContext,
  { columns }: Fragment,
  from: string,
  picked: readonly number[],
): Promise<AnswerStream> {
  const session = await openSession(query);
  query.lifetime.onEnd(() => session.close());
  const names = columns.map((_, position) => `c${position}`).join(', ');
  return openLocalStream(session, {
    sql: `SELECT ${picked.map((position) => `c${position}`).join(', ')} FROM ${from} AS s(${names})`,
    columns: query.plan.output,
    bind: async () => {},
    localSources: query.runtime.localSources,
  });
}

async function runRelation(
  query: QueryContext,
  runner: FragmentRunner,
  residual: Extract<Residual, { kind: 'relation' }>,
): Promise<AnswerStream> {
  const joined = keyedJoin(query.plan);
  if (joined !== undefined && (await runner.isSettled(joined)))
    return passThrough(query, runner, joined.consumer, joined.columns);
  const relations = await runner.allRelations();
  const rendered = renderLocal(residual.relation, relations);
  const session = await openSession(query);
  query.lifetime.onEnd(() => session.close());
  return openLocalStream(session, {
    sql: rendered.sql,
    columns: query.plan.output,
    bind: async (statement) => bindResidual(statement, rendered.bindings, query.parameters),
    localSources: query.runtime.localSources,
  });
}

async function runText(
  query: QueryContext,
  runner: FragmentRunner,
  residual: Extract<Residual, { kind: 'text' }>,
): Promise<AnswerStream> {
  const room = await openTextRoom(query, runner, residual);
  query.lifetime.onEnd(async () => room.close());
  const session = await DuckdbSession.open(room, query.control.signal);
  query.lifetime.onEnd(() => session.close());
  return openLocalStream(session, {
    sql: residual.sql,
    columns: query.plan.output,
    bind: (statement: DuckDBPreparedStatement) => bindTyped(session, statement, query.parameters),
    localSources: query.runtime.localSources,
  });
}

/** The answer's own columns and names instead of the source's. */
async function* renamed(
  batches: AsyncIterable<RecordBatch>,
  schema: Schema,
  picked: readonly number[],
): AnswerStream {
  for await (const batch of batches) {
    if (batch.numRows === 0) continue;
    const children = picked.flatMap((position) => batch.data.children[position] ?? []);
    yield batchOf(schema, batch.numRows, children);
  }
}

async function* nothing(): AnswerStream {
  // An empty answer has no batch.
}

function sameTypes(wanted: Schema, given: Schema, picked: readonly number[]): boolean {
  return (
    wanted.fields.length === picked.length &&
    wanted.fields.every((field, i) => String(field.type) === String(given.fields[picked[i] ?? -1]?.type))
  );
}
