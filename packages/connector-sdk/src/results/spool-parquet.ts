import { AppendFile } from '@tributary/columnar';
import { TributaryError } from '@tributary/contract/errors';
import { typeName } from '@tributary/contract/plan';
import type { ExecuteContext, RelationResult } from '@tributary/contract/source';
import type { ParquetAnswer } from './answer.js';
import { type AnswerOrigin, failureOf } from './answer-origin.js';
import type { AnswerColumn } from './wire-columns.js';

/** What a Parquet file ends with. */
const magic = 'PAR1';

/** Writes a Parquet file that the source makes into the spool as it arrives. DuckDB reads it, its columns by position. */
export async function spoolParquet(
  answer: ParquetAnswer,
  columns: readonly AnswerColumn[],
  ctx: ExecuteContext,
  origin: AnswerOrigin,
): Promise<RelationResult> {
  const file = await AppendFile.open(ctx.spool.newFile('.parquet'));
  let tail = Buffer.alloc(0);
  let reserved = 0;
  try {
    for await (const chunk of answer.chunks) {
      ctx.signal.throwIfAborted();
      ctx.spool.reserve(chunk.length);
      reserved += chunk.length;
      await file.append(chunk);
      tail = Buffer.concat([tail, chunk.subarray(-magic.length)]).subarray(-magic.length);
      ctx.onProgress(0, reserved);
    }
    if (tail.toString('latin1') !== magic) throw cutShort(origin, reserved);
    await file.close();
  } catch (error) {
    await file.discard();
    ctx.spool.release(reserved);
    throw failureOf(error, ctx.signal, origin);
  }
  return {
    kind: 'relation',
    sql: selectOf(file.path, columns),
    bytes: reserved,
    release: async () => {
      await file.discard();
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
  return `SELECT ${list.join(', ')} FROM ${from} AS s(${names.join(', ')})`;
}

function cutShort({ sourceId, object }: AnswerOrigin, bytes: number): TributaryError {
  return new TributaryError('SOURCE.UNREACHABLE', {
    message: `Source ${sourceId} ended its answer after ${bytes} bytes, before the end of the Parquet file.`,
    fix: 'Run the query again; if it fails again, see the log of the server.',
    sourceId,
    ...(object !== undefined && { object }),
  });
}
