import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import type { RecordBatch, Schema } from 'apache-arrow';
import type { Residual } from '../plan/federated-plan.js';
import { arrowSchemaOf } from './arrow/arrow-schema.js';
import { batchOf } from './arrow/batch-builder.js';
import { DuckdbSession } from './duckdb/duckdb-session.js';
import type { FragmentRunner } from './fragment-runner.js';
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

/** One fragment is the whole answer: its batches go straight through where their types are those of the answer. */
async function passThrough(query: QueryContext, runner: FragmentRunner, id: string): Promise<AnswerStream> {
  const fragment = runner.fragment(id);
  const schema = arrowSchemaOf(query.plan.output);
  const opened = await runner.open(fragment, () => 'batches');
  if (opened === undefined) return nothing();
  const { result, clock } = opened;
  if (result.kind === 'relation') {
    clock.stop();
    const relation = await runner.keep(fragment, result);
    return readRelation(query, relation.from);
  }
  const batches = runner.batches(fragment, result.batches, clock);
  if (sameTypes(schema, result.schema)) return renamed(batches, schema);
  const staged = await stageBatches(result.schema, batches, fragment.columns, query.spool);
  return readRelation(query, staged.from);
}

async function readRelation(query: QueryContext, from: string): Promise<AnswerStream> {
  const session = await openSession(query);
  query.lifetime.onEnd(() => session.close());
  return openLocalStream(session, {
    sql: `SELECT * FROM ${from} AS s`,
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

/** The answer's own names instead of the source's. */
async function* renamed(batches: AsyncIterable<RecordBatch>, schema: Schema): AnswerStream {
  for await (const batch of batches) {
    if (batch.numRows === 0) continue;
    yield batchOf(schema, batch.numRows, batch.data.children);
  }
}

async function* nothing(): AnswerStream {
  // An empty answer has no batch.
}

function sameTypes(wanted: Schema, given: Schema): boolean {
  return (
    wanted.fields.length === given.fields.length &&
    wanted.fields.every((field, index) => String(field.type) === String(given.fields[index]?.type))
  );
}
