import { TributaryError } from '@tributary/connector-sdk';
import type { ObjectStore } from '@tributary/lake';

/** A `_delta_log` and how it is read. */
export interface LogPlace {
  readonly sourceId: string;
  readonly store: ObjectStore;
  /** The table's folder as a key prefix that ends in `/`. */
  readonly prefix: string;
  /** The source's root likewise, or `''`: nothing outside of it is read. */
  readonly rootPrefix: string;
}

export function tableLocation({ store, prefix }: LogPlace): string {
  return store.locationOf(prefix).replace(/\/$/, '');
}

/** @param why what is wrong with the object, without its name */
export function corruptLog(place: LogPlace, key: string, why: string, cause?: unknown): TributaryError {
  const path = place.store.locationOf(key);
  return new TributaryError('SOURCE.CORRUPT_DATA', {
    message: `${path}, a part of a Delta table's log, cannot be read: ${why}.`,
    fix: 'Restore it from a backup; without it the state of the table is not known.',
    sourceId: place.sourceId,
    object: path,
    ...(cause !== undefined && { cause }),
  });
}

/** A commit that other commits presuppose is not there. */
export function missingCommit(place: LogPlace, version: number, wanted: number): TributaryError {
  const table = tableLocation(place);
  return new TributaryError('SOURCE.MISSING_OBJECT', {
    message: `The log of Delta table ${table} lacks version ${version}, which version ${wanted} needs.`,
    fix: 'Restore the commit, or ask for a version that a later checkpoint covers.',
    sourceId: place.sourceId,
    object: table,
    retryable: false,
  });
}

/** @param asked what was asked for, such as `version 7` */
export function noSuchVersion(place: LogPlace, asked: string, has: string): TributaryError {
  const table = tableLocation(place);
  return new TributaryError('SOURCE.MISSING_OBJECT', {
    message: `Delta table ${table} has no ${asked}: ${has}.`,
    fix: 'Ask for a version that the table still has; "<table>$history" lists them.',
    sourceId: place.sourceId,
    object: table,
    retryable: false,
  });
}

/** @param what the feature by the name that the log gives it, such as `reader feature "variantType"` */
export function unsupportedTable(place: LogPlace, what: string, fix?: string): TributaryError {
  const table = tableLocation(place);
  return new TributaryError('SOURCE.UNSUPPORTED_FORMAT', {
    message: `Delta table ${table} needs ${what}, which this reader does not know.`,
    ...(fix !== undefined && { fix }),
    sourceId: place.sourceId,
    object: table,
  });
}
