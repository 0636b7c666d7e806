import { type ConfigIssue, redact } from '@tributary/contract';
import { closest } from '../errors/closest.js';
import { ConfigError, type ConfigLocation } from '../errors/config-error.js';
import type { RawConfig } from './config-types.js';

/** One of a schema's complaints, with its place in the file, and without the secrets. */
export function issueError(
  raw: Pick<RawConfig, 'file' | 'title' | 'locate'>,
  issues: readonly ConfigIssue[],
  keysAt: (path: readonly PropertyKey[]) => readonly string[],
  base: readonly PropertyKey[] = [],
  secrets: readonly string[] = [],
): ConfigError {
  // A mistyped key is the likelier reason for a missing one than the other way round.
  const issue = issues.find((each) => unknownKeys(each).length > 0) ?? issues[0];
  const path = [...base, ...pathOf(issue)];
  const [unknown] = unknownKeys(issue);
  if (unknown !== undefined) {
    const known = keysAt(path);
    return new ConfigError('CONFIG.INVALID', {
      message: `${named(raw.title ?? raw.file, path)} does not know the key "${unknown}".`,
      candidates: closest(unknown, known),
      fix: known.length > 0 ? `Correct or remove it. Known: ${known.join(', ')}.` : 'Correct or remove it.',
      location: withoutSecrets(raw.locate([...path, unknown], 'key'), secrets),
    });
  }
  const location = withoutSecrets(raw.locate(path, 'value'), secrets);
  // An empty file, a module and the command line have no places to show.
  const where = location === undefined && path.length > 0 ? `${raw.title ?? raw.file}: ` : '';
  const what = (issue?.message ?? 'is invalid').replace(/^Invalid input: /, '');
  return new ConfigError('CONFIG.INVALID', {
    message: redact(`${where}${named(raw.title ?? raw.file, path)}: ${what}.`, secrets),
    fix: location === undefined ? 'Correct the value.' : 'Correct the value shown.',
    location,
  });
}

/** The error shows the line. */
function withoutSecrets(
  location: ConfigLocation | undefined,
  secrets: readonly string[],
): ConfigLocation | undefined {
  return location && { ...location, text: redact(location.text, secrets) };
}

function named(file: string, path: readonly PropertyKey[]): string {
  return path.length === 0 ? file : path.map(String).join('.');
}

export function pathOf(issue: ConfigIssue | undefined): PropertyKey[] {
  return (issue?.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
}

/** zod says which keys it does not know; other schema libraries say it in their message only. */
function unknownKeys(issue: ConfigIssue | undefined): readonly string[] {
  if (issue === undefined || !('code' in issue) || issue.code !== 'unrecognized_keys' || !('keys' in issue))
    return [];
  return Array.isArray(issue.keys) ? issue.keys.map(String) : [];
}

/** The keys of a zod object schema, also of one with a transform behind it; none for schemas of other libraries. For connectors without `fields`. */
export function schemaKeys(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  if ('shape' in schema && typeof schema.shape === 'object' && schema.shape !== null)
    return Object.keys(schema.shape);
  return 'in' in schema ? schemaKeys(schema.in) : [];
}
