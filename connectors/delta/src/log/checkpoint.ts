import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { ObjectInfo, StoreCall } from '@tributary/lake';
import { keyOfPath } from '../files/file-path.js';
import { type Action, actionOf } from './actions.js';
import { parsed, readJsonActions, readObject } from './commit.js';
import { isFields } from './json.js';
import type { Checkpoint } from './log-files.js';
import { type LogPlace, corruptLog } from './log-error.js';

/** Columns of a checkpoint that are read; `txn` and the rest are not. */
const wantedColumns: ReadonlySet<string> = new Set(['protocol', 'metaData', 'add', 'sidecar']);

/**
 * The actions of a checkpoint of any kind: one file, several parts, or a V2 checkpoint with the sidecars it names.
 *
 * @throws TributaryError SOURCE.CORRUPT_DATA, also for a sidecar that is gone
 */
export async function* readCheckpoint(
  { format, parts }: Checkpoint,
  place: LogPlace,
  call: StoreCall,
): AsyncIterable<readonly Action[]> {
  const sidecars: string[] = [];
  for (const part of parts) {
    const actions =
      format === 'json'
        ? await readJsonActions(part, place, call)
        : await readParquetActions(part, place, call);
    for (const action of actions) if (action.kind === 'sidecar') sidecars.push(action.path);
    yield actions;
  }
  for (const path of sidecars) yield await readParquetActions(await sidecar(path, place, call), place, call);
}

async function sidecar(path: string, place: LogPlace, call: StoreCall): Promise<ObjectInfo> {
  const key = keyOfPath(`_delta_log/_sidecars/${path.slice(path.lastIndexOf('/') + 1)}`, place);
  const found = await place.store.head(key, call);
  if (found === undefined) throw corruptLog(place, key, 'it is missing, though a checkpoint names it');
  return found;
}

async function readParquetActions(
  object: ObjectInfo,
  place: LogPlace,
  call: StoreCall,
): Promise<readonly Action[]> {
  const bytes = await readObject(object, place, call);
  const rows = await readRows(bytes).catch((error: unknown) => {
    const why = `it is damaged or no Parquet file (${error instanceof Error ? error.message : String(error)})`;
    throw corruptLog(place, object.key, why, error);
  });
  return rows.flatMap((row, index) => {
    const bad = (why: string, cause: unknown): Error =>
      corruptLog(place, object.key, `row ${index + 1} ${why}`, cause);
    return (isFields(row) && parsed(() => actionOf(row), bad)) || [];
  });
}

async function readRows(bytes: Uint8Array): Promise<readonly unknown[]> {
  const buffer = new Uint8Array(bytes).buffer;
  const metadata = parquetMetadata(buffer);
  const [root, ...elements] = metadata.schema;
  const columns = topLevelNames(root?.num_children ?? 0, elements).filter((name) => wantedColumns.has(name));
  return parquetReadObjects({
    file: {
      byteLength: buffer.byteLength,
      slice: (start, end) => buffer.slice(start, end),
    },
    metadata,
    columns,
    compressors,
    // Times in full precision, as the statistics in JSON have them.
    parsers: {
      dateFromDays: (days) => isoText(days * 86_400_000)?.slice(0, 10),
      timestampFromMicroseconds: (micros) => microsText(micros),
    },
  });
}

function topLevelNames(
  children: number,
  elements: readonly { readonly name: string; readonly num_children?: number }[],
): readonly string[] {
  const names: string[] = [];
  let next = 0;
  const skip = (): void => {
    const below = elements[next]?.num_children ?? 0;
    next += 1;
    for (let child = 0; child < below; child++) skip();
  };
  for (let child = 0; child < children; child++) {
    names.push(elements[next]?.name ?? '');
    skip();
  }
  return names;
}

function microsText(micros: bigint): string | undefined {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = (micros - fraction) / 1_000_000n;
  const text = isoText(Number(seconds) * 1000)?.slice(0, 19);
  return text && `${text}.${fraction.toString().padStart(6, '0')}Z`;
}

/** Undefined, as a bound that is not there, beyond what JavaScript's dates reach. */
function isoText(millis: number): string | undefined {
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
