import { AppendFile, parquetRowCount } from '@tributary/columnar';
import { TributaryError } from '@tributary/contract/errors';
import { typeName } from '@tributary/contract/plan';
import type { ExecuteContext, RelationResult } from '@tributary/contract/source';
import type { ParquetAnswer } from './answer.js';
import { type AnswerOrigin, failureOf } from './answer-origin.js';
import type { AnswerColumn } from './wire-columns.js';

/** Writes a Parquet file that the source makes into the spool as it arrives. DuckDB reads it, its columns by position. */
export async function spoolParquet(
  answer: ParquetAnswer,
  columns: readonly AnswerColumn[],
  ctx: ExecuteContext,
  origin: AnswerOrigin,
): Promise<RelationResult> {
  const path = ctx.spool.newFile('.parquet');
  let file: AppendFile | undefined;
  let reserved = 0;
  let rows: number;
  try {
    for await (const chunk of answer.chunks) {
      ctx.signal.throwIfAborted();
      // In here, so that the answer is closed where there can be no file.
      file ??= await AppendFile.open(path);
      ctx.spool.reserve(chunk.length);
      reserved += chunk.length;
      await file.append(chunk);
      ctx.onProgress(0, reserved);
    }
    file ??= await AppendFile.open(path);
    await file.close();
    // A server that fails while it sends has only this way to say so.
    rows = await parquetRowCount(path);
  } catch (error) {
    await file?.discard();
    ctx.spool.release(reserved);
    throw named(failureOf(error, ctx.signal, origin), origin);
  }
  ctx.onProgress(rows, reserved);
  return {
    kind: 'relation',
    sql: selectOf(path, columns),
    rows,
    bytes: reserved,
    release: async () => {
      await file?.discard();
      ctx.spool.release(reserved);
    },
  };
}

/** Casts everything: a source's Parquet types are seldom all that the engine wants, and a cast to the same type costs nothing. */
function selectOf(path: string, columns: readonly AnswerColumn[]): string {
  const names = columns.map((_, i) => `c${i}`);
  const list = columns.map(({ type }, i) =>
    type.id === 'null' ? 'NULL' : `CAST(c${i} AS ${typeName(type)})`,
  );
  const from = `read_parquet('${path.replaceAll("'", "''")}', hive_partitioning = false)`;
  // Only the number of rows is asked for.
  if (list.length === 0) return `SELECT 1 FROM ${from}`;
  return `SELECT ${list.join(', ')} FROM ${from} AS s(${names.join(', ')})`;
}

function named(error: TributaryError, { sourceId, object }: AnswerOrigin): TributaryError {
  if (error.code !== 'SOURCE.CORRUPT_DATA' || error.sourceId !== undefined) return error;
  return new TributaryError(error.code, {
    message: `Source ${sourceId} ended its answer too soon: ${error.message}`,
    fix: 'Run the query again; if it fails again, see the log of the server.',
    retryable: error.retryable,
    sourceId,
    ...(object !== undefined && { object }),
    cause: error,
  });
}
