import { TributaryError } from '@tributary/connector-sdk';
import type { TimeTravel } from '../log/delta-log.js';

/** What a name in SQL asks for. */
export interface TableReference {
  /** The table itself. */
  readonly path: readonly string[];
  readonly at: TimeTravel | undefined;
}

const historySuffix = '$history';

/**
 * Reads `events`, `events@v12` and `events@2026-01-31`, `events@2026-01-31T10:00:00Z` (or with a space; UTC unless a zone
 * is named).
 */
export function tableReference(path: readonly string[]): TableReference {
  const name = path.at(-1) ?? '';
  const at = name.lastIndexOf('@');
  const when = at < 1 ? undefined : timeTravelOf(name.slice(at + 1));
  return when === undefined
    ? { path, at: undefined }
    : { path: [...path.slice(0, -1), name.slice(0, at)], at: when };
}

/** The table whose history a name asks for: `events$history`. */
export function historyOf(path: readonly string[]): readonly string[] | undefined {
  const name = path.at(-1) ?? '';
  if (!name.toLowerCase().endsWith(historySuffix) || name.length === historySuffix.length) return undefined;
  return [...path.slice(0, -1), name.slice(0, -historySuffix.length)];
}

export function historyName(name: string): string {
  return `${name}${historySuffix}`;
}

/** @throws TributaryError CONFIG.INVALID for a timestamp that is none */
export function configuredTime(
  name: string,
  { version, timestamp }: { readonly version?: number | undefined; readonly timestamp?: string | undefined },
  sourceId: string,
): TimeTravel | undefined {
  if (version !== undefined) return { kind: 'version', version };
  if (timestamp === undefined) return undefined;
  const found = timestampOf(timestamp);
  if (found !== undefined) return found;
  throw new TributaryError('CONFIG.INVALID', {
    message: `tables.${name}.timestamp of source ${sourceId} is "${timestamp}", which is not a time.`,
    fix: 'Write it as 2026-01-31, or as 2026-01-31T10:00:00Z.',
    sourceId,
  });
}

function timeTravelOf(text: string): TimeTravel | undefined {
  const version = /^v(\d{1,15})$/i.exec(text);
  return version === null ? timestampOf(text) : { kind: 'version', version: Number(version[1]) };
}

function timestampOf(text: string): TimeTravel | undefined {
  const parts =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?))?(Z|[+-]\d{2}:\d{2})?$/i.exec(text);
  if (parts === null) return undefined;
  const [, day = '', time = '00:00', zone = 'Z'] = parts;
  const millis = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(millis) ? undefined : { kind: 'timestamp', millis };
}
