import { type RelationResult, TributaryError } from '@tributary/contract';
import type { DuckdbRoom } from './duckdb/duckdb-room.js';
import { DuckdbSession } from './duckdb/duckdb-session.js';

/** A relation of a source whose objects DuckDB reads itself. */
export interface ReadRelation {
  readonly sourceId: string;
  readonly result: RelationResult;
}

/** Kinds of errors that a statement, its data or a limit cause: not a damaged file. */
const otherCauses =
  /^(Conversion|Out of Range|Constraint|Mismatch Type|Sequence|Parameter Not \w+|Binder|Catalog|Parser|Permission|Out of Memory|INTERRUPT) Error|max_temp_directory_size|No space left/i;

/** Whether an error of DuckDB's may come from an object that it could not read. */
export function mayBeUnreadableObject(error: unknown): boolean {
  if (error instanceof TributaryError) {
    return error.sourceId === undefined && error.cause !== undefined && mayBeUnreadableObject(error.cause);
  }
  return error instanceof Error && !otherCauses.test(error.message);
}

/**
 * Finds the object that DuckDB cannot read: a decoder that trips over a damaged page does not say in which file it was.
 * Reads every object of the relations until one fails, so it is for failed queries only.
 */
export async function unreadableObject(
  relations: readonly ReadRelation[],
  room: DuckdbRoom,
  signal: AbortSignal,
): Promise<TributaryError | undefined> {
  for (const { sourceId, result } of relations) {
    for (const { object, sql } of result.parts?.() ?? []) {
      const cause = await failureOf(sql, room, signal);
      if (cause === undefined || signal.aborted) continue;
      return new TributaryError('SOURCE.CORRUPT_DATA', {
        message: `Source "${sourceId}": ${object} cannot be read: ${cause.message.split('\n')[0]}`,
        sourceId,
        object,
        cause,
      });
    }
  }
  return undefined;
}

/** An error that names the copy of an object which DuckDB read, under the object's own name. */
export function underItsOwnName(error: TributaryError, relations: readonly ReadRelation[]): TributaryError {
  const path = error.object;
  if (path === undefined || error.sourceId === undefined) return error;
  const parts = relations.flatMap(({ result }) => result.parts?.() ?? []);
  const part = parts.find(({ object, sql }) => object !== path && sql.includes(path));
  if (part === undefined) return error;
  return new TributaryError(error.code, {
    message: error.message.replaceAll(path, part.object),
    sourceId: error.sourceId,
    object: part.object,
    cause: error.cause,
  });
}

async function failureOf(sql: string, room: DuckdbRoom, signal: AbortSignal): Promise<Error | undefined> {
  await using session = await DuckdbSession.open(room, signal);
  try {
    // Hashing whole rows makes DuckDB decode every page.
    await session.rows(`SELECT bit_xor(hash(part)) FROM (${sql}) AS part`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
