import { type ErrorCodeName, TributaryError } from '@tributary/contract';

/** A source whose files DuckDB reads itself, for blaming it when one cannot be read. */
export interface LocalSource {
  readonly sourceId: string;
  readonly directories: readonly string[];
}

interface Rule {
  readonly pattern: RegExp;
  readonly code: ErrorCodeName;
}

/** DuckDB's errors have a kind as their prefix; where that is too coarse, the text decides. First match wins. */
const rules: readonly Rule[] = [
  {
    pattern:
      /max_temp_directory_size|No space left on device|failed to offload data block|could not write all bytes/i,
    code: 'RESOURCE.SPILL_FULL',
  },
  { pattern: /^Out of Memory Error/, code: 'RESOURCE.MEMORY' },
  { pattern: /^Permission Error/, code: 'SQL.FORBIDDEN' },
  {
    pattern: /^(Conversion|Out of Range|Invalid Input|Invalid|Constraint|Mismatch Type|Sequence) Error/,
    code: 'SQL.EXECUTION',
  },
  { pattern: /^(Parameter Not Resolved|Parameter Not Allowed) Error/, code: 'SQL.PARAMETER' },
  { pattern: /^(Not implemented|Binder|Catalog|Parser) Error/, code: 'SQL.BIND' },
];

/** What DuckDB failed with while it ran a residual, as one of our errors. */
export function duckdbError(error: unknown, localSources: readonly LocalSource[] = []): TributaryError {
  if (error instanceof TributaryError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const owner = localSources.find((source) => source.directories.some((path) => message.includes(path)));
  if (owner !== undefined) return fileError(message, owner.sourceId, error);
  const code = rules.find((rule) => rule.pattern.test(message))?.code ?? 'ENGINE.INTERNAL';
  return new TributaryError(code, { message: withoutKind(message), cause: error });
}

function fileError(message: string, sourceId: string, cause: unknown): TributaryError {
  const missing = /No files found|Cannot open file|No such file/i.test(message);
  const path = /"([^"]+)"|'([^']+)'/.exec(message);
  const object = path?.[1] ?? path?.[2];
  return new TributaryError(missing ? 'SOURCE.MISSING_OBJECT' : 'SOURCE.CORRUPT_DATA', {
    message: `Source "${sourceId}": ${withoutKind(message)}`,
    sourceId,
    cause,
    ...(object !== undefined && { object }),
  });
}

function withoutKind(message: string): string {
  return message.replace(/^[A-Z][\w ]* Error: /, '').split('\n\n')[0] ?? message;
}
