import { type ObjectInfo, type StoreCall, listObjects } from '@tributary/lake';
import { fieldsOf, numberOf } from './json.js';
import { type LogFiles, logFiles, newestVersion, versionDigits } from './log-files.js';
import type { LogPlace } from './log-error.js';

/** Versions whose names share all but the last two digits: one request lists them, whatever the log's length. */
const versionsPerBlock = 100;

/** Everything in the log. */
export async function listWholeLog(place: LogPlace, call: StoreCall): Promise<LogFiles> {
  return logFiles(await listed(place, '', call));
}

/** The log from a version on, and perhaps somewhat before it. */
export async function listLogFrom(version: number, place: LogPlace, call: StoreCall): Promise<LogFiles> {
  const objects: ObjectInfo[] = [];
  for (let block = Math.floor(version / versionsPerBlock); ; block++) {
    const prefix = String(block).padStart(versionDigits - 2, '0');
    const found = await listed(place, prefix, call);
    objects.push(...found);
    if (newestVersion(logFiles(found)) !== block * versionsPerBlock + versionsPerBlock - 1) break;
  }
  return logFiles(objects);
}

/** The version of `_last_checkpoint`. It is a hint: undefined where it is missing, damaged or out of date. */
export async function lastCheckpoint(place: LogPlace, call: StoreCall): Promise<number | undefined> {
  const key = `${logPrefix(place)}_last_checkpoint`;
  const found = await place.store.head(key, call);
  if (found === undefined || found.size === 0) return undefined;
  try {
    const bytes = await place.store.read(key, { start: 0, end: found.size }, { ...call, etag: found.etag });
    return numberOf(fieldsOf(JSON.parse(new TextDecoder().decode(bytes)))?.['version']);
  } catch {
    call.signal.throwIfAborted();
    return undefined;
  }
}

async function listed(place: LogPlace, name: string, call: StoreCall): Promise<readonly ObjectInfo[]> {
  const folder = logPrefix(place);
  const objects: ObjectInfo[] = [];
  for await (const page of listObjects(place.store, folder + name, call)) {
    for (const object of page) if (!object.key.slice(folder.length).includes('/')) objects.push(object);
  }
  return objects;
}

function logPrefix({ prefix }: LogPlace): string {
  return `${prefix}_delta_log/`;
}
