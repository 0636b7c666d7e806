import { TributaryError } from '@tributary/contract/errors';
import type { ExecuteContext, RelationResult, RemoteResult } from '@tributary/contract/source';
import type { Answer } from '../results/answer.js';
import type { AnswerOrigin } from '../results/answer-origin.js';
import { deliver } from '../results/deliver.js';
import type { AnswerColumn } from '../results/wire-columns.js';

/**
 * Several answers to parts of one question as one answer: each request is made when the one before it has been read. Parquet
 * files are all fetched, and read together.
 */
export async function deliverChained(
  requests: readonly (() => Promise<Answer>)[],
  columns: readonly AnswerColumn[],
  ctx: ExecuteContext,
  origin: AnswerOrigin,
): Promise<RemoteResult> {
  const [first, ...rest] = requests;
  const answer: Answer = first === undefined ? { kind: 'rows', rows: nothing() } : await first();
  if (rest.length === 0) return deliver(answer, columns, ctx, origin);
  if (answer.kind !== 'parquet') return deliver(chained(answer, rest, origin), columns, ctx, origin);
  return union([async () => answer, ...rest], columns, ctx, origin);
}

function chained(
  first: Exclude<Answer, { kind: 'parquet' }>,
  rest: readonly (() => Promise<Answer>)[],
  origin: AnswerOrigin,
): Answer {
  switch (first.kind) {
    case 'rows':
      return { kind: 'rows', rows: joined(first.rows, rest, (next) => sameKind('rows', next, origin).rows) };
    case 'batches':
      return {
        kind: 'batches',
        batches: joined(first.batches, rest, (next) => sameKind('batches', next, origin).batches),
      };
    case 'wire':
      return {
        kind: 'wire',
        read: async (sink, signal, onProgress) => {
          let before: readonly [rows: number, bytes: number] = [0, 0];
          const readOne = async (answer: Answer): Promise<void> => {
            const [rows, bytes] = before;
            let last = before;
            await sameKind('wire', answer, origin).read(sink, signal, (someRows, someBytes) => {
              last = [rows + someRows, bytes + someBytes];
              onProgress(...last);
            });
            before = last;
          };
          await readOne(first);
          for (const request of rest) await readOne(await request());
        },
      };
  }
}

async function* joined<T>(
  first: AsyncIterable<T>,
  rest: readonly (() => Promise<Answer>)[],
  itemsOf: (answer: Answer) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  yield* first;
  for (const request of rest) yield* itemsOf(await request());
}

async function union(
  requests: readonly (() => Promise<Answer>)[],
  columns: readonly AnswerColumn[],
  ctx: ExecuteContext,
  origin: AnswerOrigin,
): Promise<RelationResult> {
  const parts: RelationResult[] = [];
  const release = async (): Promise<void> => {
    for (const part of parts) await part.release();
  };
  try {
    for (const request of requests) {
      const part = await deliver(sameKind('parquet', await request(), origin), columns, ctx, origin);
      if (part.kind === 'relation') parts.push(part);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return {
    kind: 'relation',
    sql: parts.map(({ sql }) => `(${sql})`).join(' UNION ALL '),
    rows: parts.reduce((sum, { rows = 0 }) => sum + rows, 0),
    bytes: parts.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
    release,
  };
}

function sameKind<Kind extends Answer['kind']>(
  kind: Kind,
  answer: Answer,
  { sourceId }: AnswerOrigin,
): Extract<Answer, { kind: Kind }> {
  if (isOfKind(kind, answer)) return answer;
  throw new TributaryError('SOURCE.CORRUPT_DATA', {
    message: `Source ${sourceId} answered one part of a request with ${kind}, another with ${answer.kind}.`,
    fix: 'This is a defect of the connector.',
    sourceId,
  });
}

function isOfKind<Kind extends Answer['kind']>(
  kind: Kind,
  answer: Answer,
): answer is Extract<Answer, { kind: Kind }> {
  return answer.kind === kind;
}

async function* nothing(): AsyncGenerator<never, void, undefined> {
  // No request, no rows.
}
