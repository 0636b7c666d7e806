import { crc32 } from 'node:zlib';
import { TributaryError } from '@tributary/connector-sdk';
import type { DeletedRows } from '@tributary/lake';
import { keyOfPath } from '../files/file-path.js';
import { type AddFile, type DeletionVector, vectorIdentity } from '../log/actions.js';
import type { LogPlace } from '../log/log-error.js';
import { decodeBase85, uuidText } from './base85.js';
import { readDeletionVector } from './roaring.js';

/** Characters of a UUID in base 85; what stands before them is a folder. */
const uuidLength = 20;
/** The length before a vector in a file, and its checksum behind it. */
const frameBytes = 4;

/** The rows that a deletion vector takes out of a file; it is read when a scan needs it. */
export function deletedRows(file: AddFile, vector: DeletionVector, place: LogPlace): DeletedRows {
  // The next query need not ask the store again, unless memory was short meanwhile.
  let known: WeakRef<readonly number[]> | undefined;
  return {
    id: vectorIdentity(vector),
    count: vector.cardinality,
    rows: async (signal) => {
      const before = known?.deref();
      if (before !== undefined) return before;
      try {
        const rows = readDeletionVector(await vectorBytes(vector, place, signal));
        if (rows.length !== vector.cardinality) {
          throw new RangeError(`it has ${rows.length} rows where the log says ${vector.cardinality}`);
        }
        known = new WeakRef(rows);
        return rows;
      } catch (error) {
        throw error instanceof RangeError ? damaged(file, error, place) : error;
      }
    },
  };
}

function damaged(
  { path }: AddFile,
  cause: RangeError,
  { sourceId, store, prefix }: LogPlace,
): TributaryError {
  const table = store.locationOf(prefix);
  return new TributaryError('SOURCE.CORRUPT_DATA', {
    message: `The deletion vector of ${path} in Delta table ${table} cannot be read: ${cause.message}.`,
    fix: 'Restore it from a backup; without it, deleted rows would come back.',
    sourceId,
    object: `${table}${path}`,
    cause,
  });
}

async function vectorBytes(
  vector: DeletionVector,
  place: LogPlace,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { storageType, pathOrInlineDv, sizeInBytes, offset = 0 } = vector;
  if (storageType === 'i') {
    const bytes = decodeBase85(pathOrInlineDv);
    if (bytes.length < sizeInBytes) throw new RangeError('it is cut short');
    return bytes.subarray(0, sizeInBytes);
  }
  const key = vectorKey(vector, place);
  const found = await place.store.head(key, { signal });
  if (found === undefined) throw missingVector(place.store.locationOf(key), place);
  const range = { start: offset, end: offset + frameBytes + sizeInBytes + frameBytes };
  if (range.end > found.size) throw new RangeError('its file is cut short');
  const framed = await place.store.read(key, range, { signal, etag: found.etag });
  const view = new DataView(framed.buffer, framed.byteOffset, framed.byteLength);
  const size = view.getInt32(0);
  if (size !== sizeInBytes)
    throw new RangeError(`its file says ${size} bytes where the log says ${sizeInBytes}`);
  const bytes = framed.subarray(frameBytes, frameBytes + sizeInBytes);
  if (crc32(bytes) !== view.getUint32(frameBytes + sizeInBytes))
    throw new RangeError('its checksum does not fit');
  return bytes;
}

/** Key of the file that holds a vector (Delta protocol, "Derived Fields"). */
function vectorKey({ storageType, pathOrInlineDv }: DeletionVector, place: LogPlace): string {
  switch (storageType) {
    case 'u': {
      const folder = pathOrInlineDv.slice(0, -uuidLength);
      const uuid = uuidText(decodeBase85(pathOrInlineDv.slice(-uuidLength)));
      return keyOfPath(`${folder === '' ? '' : `${folder}/`}deletion_vector_${uuid}.bin`, place);
    }
    case 'p':
      return keyOfPath(pathOrInlineDv, place);
    default:
      throw new RangeError(`its storage type is "${storageType}"`);
  }
}

function missingVector(path: string, { sourceId }: LogPlace): TributaryError {
  return new TributaryError('SOURCE.MISSING_OBJECT', {
    message: `${path}, a deletion vector of a Delta table, does not exist.`,
    fix: 'VACUUM may have removed it: run the query again, or ask for a newer version.',
    sourceId,
    object: path,
  });
}
