import { TributaryError } from '@tributary/connector-sdk';
import { keyOfUri, percentDecoded } from '@tributary/lake';
import { type LogPlace, tableLocation } from '../log/log-error.js';

/**
 * The key of a file that a log names: percent-encoded, relative to the table or an absolute URI.
 *
 * @throws TributaryError SOURCE.PERMISSION for a file outside of the source: a log must not open other doors
 */
export function keyOfPath(path: string, place: LogPlace): string {
  const { store, prefix, rootPrefix } = place;
  const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('/');
  const key = isAbsolute ? keyOfUri(path, store) : prefix + percentDecoded(path);
  if (key !== undefined && key.startsWith(rootPrefix) && !key.split('/').includes('..')) return key;
  throw outside(path, place);
}

function outside(path: string, place: LogPlace): TributaryError {
  return new TributaryError('SOURCE.PERMISSION', {
    message: `The log of Delta table ${tableLocation(place)} names ${path}, which lies outside of the source's root.`,
    fix: 'Make a source of a folder that holds the table and the files it refers to (a shallow clone refers to those of its origin).',
    sourceId: place.sourceId,
    object: path,
  });
}
