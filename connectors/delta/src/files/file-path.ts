import { TributaryError } from '@tributary/connector-sdk';
import { type LogPlace, tableLocation } from '../log/log-error.js';

/**
 * The key of a file that a log names: percent-encoded, relative to the table or an absolute URI.
 *
 * @throws TributaryError SOURCE.PERMISSION for a file outside of the source: a log must not open other doors
 */
export function keyOfPath(path: string, place: LogPlace): string {
  const { store, prefix } = place;
  const decoded = decodePath(path);
  const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('/');
  if (!isAbsolute) {
    if (!decoded.split('/').includes('..')) return prefix + decoded;
    throw outside(path, place);
  }
  const location = storeLocation(decoded);
  const root = store.locationOf('');
  if (!location.startsWith(root) || location.split('/').includes('..')) throw outside(path, place);
  const key = location.slice(root.length);
  if (key.startsWith(place.rootPrefix)) return key;
  throw outside(path, place);
}

/** A URI as stores write it: each cloud has several forms for the same object. */
function storeLocation(uri: string): string {
  return (
    uri
      .replace(/^file:\/*/i, '/')
      .replace(/^s3[an]:/i, 's3:')
      // Azure's account is the configuration's: a store reads from one.
      .replace(/^(?:abfs|wasb)s?:\/\/([^/@]+)@[^/]+\//i, 'azure://$1/')
      .replace(/^az:/i, 'azure:')
  );
}

function outside(path: string, place: LogPlace): TributaryError {
  return new TributaryError('SOURCE.PERMISSION', {
    message: `The log of Delta table ${tableLocation(place)} names ${path}, which lies outside of the source's root.`,
    fix: 'Make a source of a folder that holds the table and the files it refers to (a shallow clone refers to those of its origin).',
    sourceId: place.sourceId,
    object: path,
  });
}

/** A lone percent sign is itself: not every writer encodes. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
