import type { ObjectInfo, StoreCall } from '@tributary/lake';
import { type Action, BadAction, actionOf } from './actions.js';
import { isFields } from './json.js';
import { type LogPlace, corruptLog } from './log-error.js';

/**
 * The actions of a file with one JSON object a line: a commit, a compaction, a V2 checkpoint.
 *
 * @throws TributaryError SOURCE.CORRUPT_DATA that names file and line
 */
export async function readJsonActions(
  object: ObjectInfo,
  place: LogPlace,
  call: StoreCall,
): Promise<readonly Action[]> {
  const bytes = await readObject(object, place, call);
  const text = new TextDecoder('utf-8').decode(bytes);
  const actions: Action[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const bad = (why: string, cause?: unknown): Error =>
      corruptLog(place, object.key, `line ${index + 1} ${why}`, cause);
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch (error) {
      throw bad('is no JSON, or cut short', error);
    }
    if (!isFields(row)) throw bad('is no JSON object');
    const action = parsed(() => actionOf(row), bad);
    if (action !== undefined) actions.push(action);
  }
  if (actions.length === 0 && text.trim() === '') throw corruptLog(place, object.key, 'it is empty');
  return actions;
}

/** What is asked for as a whole again when its line breaks; streams go on where they were. */
const wholeBytes = 4 * 1024 * 1024;

/** All bytes of an object that is not too large for it: commits, checkpoints. */
export async function readObject(object: ObjectInfo, place: LogPlace, call: StoreCall): Promise<Uint8Array> {
  const { key, size, etag } = object;
  if (size === 0) throw corruptLog(place, key, 'it is empty');
  if (size <= wholeBytes) return place.store.read(key, { start: 0, end: size }, { ...call, etag });
  const bytes = Buffer.concat(await Array.fromAsync(place.store.stream(key, { ...call, etag })));
  if (bytes.length === size) return bytes;
  throw corruptLog(place, key, `it has ${bytes.length} bytes where its listing said ${size}`);
}

export function parsed<T>(parse: () => T, bad: (why: string, cause: unknown) => Error): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof BadAction) throw bad(`is not an action: ${error.message}`, error);
    throw error;
  }
}
