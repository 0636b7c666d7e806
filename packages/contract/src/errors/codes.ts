/** Whose move it is: the user's, a source's, the machine's, or ours. Decides the CLI's exit code. */
export type ErrorCategory = 'user' | 'config' | 'source' | 'resource' | 'cancelled' | 'internal';

export interface ErrorCode {
  readonly category: ErrorCategory;
  /** What it means, in one sentence; becomes the entry in docs/errors.md. */
  readonly why: string;
  /** What mends it, in one sentence. */
  readonly fix: string;
  /** Whether the same call may succeed if simply made again. */
  readonly retryable: boolean;
}

/**
 * Every error Tributary raises. `docs/errors.md` lists the same codes; a test holds the two together.
 */
export const errorCodes = {
  'SQL.SYNTAX': {
    category: 'user',
    why: 'The statement is not valid SQL.',
    fix: 'Correct the text at the position shown.',
    retryable: false,
  },
  'SQL.BIND': {
    category: 'user',
    why: 'The statement names a column, function or type that does not exist or does not fit.',
    fix: 'Check names and types at the position shown; `describe <table>` lists the columns.',
    retryable: false,
  },
  'SQL.UNKNOWN_TABLE': {
    category: 'user',
    why: 'No source has a table of that name.',
    fix: 'SHOW ALL TABLES lists every table, SHOW TABLES FROM <source> those of one source.',
    retryable: false,
  },
  'SQL.AMBIGUOUS_TABLE': {
    category: 'user',
    why: 'More than one table matches the name.',
    fix: 'Write the name with its source and schema.',
    retryable: false,
  },
  'SQL.UNSUPPORTED_STATEMENT': {
    category: 'user',
    why: 'Only queries, DESCRIBE, SHOW and CREATE/DROP VIEW run through the engine.',
    fix: 'Rewrite it as a SELECT, or run it on the source itself.',
    retryable: false,
  },
  'SQL.FORBIDDEN': {
    category: 'user',
    why: 'The statement reaches for a file, an extension or a setting that the configuration did not open.',
    fix: 'Register the file as a table of a source instead.',
    retryable: false,
  },
  'SQL.PARAMETER': {
    category: 'user',
    why: 'A parameter is missing, unknown, or its value does not fit its type.',
    fix: 'Give exactly the parameters that the statement names, each with a value of its type.',
    retryable: false,
  },
  'SQL.EXECUTION': {
    category: 'user',
    why: 'The statement failed on the data: a cast, a division or an overflow, for example.',
    fix: 'Guard the expression (TRY_CAST, CASE), or correct the data.',
    retryable: false,
  },
  'PLAN.PUSHDOWN_REQUIRED': {
    category: 'user',
    why: "With pushdown: 'require' a piece of the query could not run in its source.",
    fix: "Rewrite the piece named, or use pushdown: 'auto'.",
    retryable: false,
  },
  'CONFIG.INVALID': {
    category: 'config',
    why: 'The configuration does not have the required form.',
    fix: 'Correct the key shown.',
    retryable: false,
  },
  'CONFIG.UNSET_VARIABLE': {
    category: 'config',
    why: 'The configuration uses an environment variable that is not set.',
    fix: 'Set the variable, or give a default with ${NAME:-default}.',
    retryable: false,
  },
  'CONFIG.DUPLICATE_SOURCE': {
    category: 'config',
    why: 'Two sources have the same id.',
    fix: 'Rename one of them.',
    retryable: false,
  },
  'CONFIG.UNKNOWN_CONNECTOR': {
    category: 'config',
    why: 'The connector named in the configuration is not installed.',
    fix: 'Install its package, or correct the name.',
    retryable: false,
  },
  'CONFIG.CONNECTOR_VERSION': {
    category: 'config',
    why: 'The connector was built for another version of the connector contract.',
    fix: 'Upgrade the connector or Tributary so that their contract versions agree.',
    retryable: false,
  },
  'SOURCE.UNREACHABLE': {
    category: 'source',
    why: 'The source did not answer, or the connection broke.',
    fix: 'Check that the server runs and that host, port and network are right.',
    retryable: true,
  },
  'SOURCE.AUTHENTICATION': {
    category: 'source',
    why: 'The source refused the credentials.',
    fix: 'Check user, password and the rules of the server.',
    retryable: false,
  },
  'SOURCE.PERMISSION': {
    category: 'source',
    why: 'The credentials do not allow this.',
    fix: 'Grant the right named, or use another user.',
    retryable: false,
  },
  'SOURCE.TIMEOUT': {
    category: 'source',
    why: 'The source took longer than its timeout.',
    fix: 'Raise timeoutMs for the source, or make the query smaller.',
    retryable: true,
  },
  'SOURCE.MISSING_OBJECT': {
    category: 'source',
    why: 'A table, column or file that the plan needs is no longer there.',
    fix: 'Run the query again so that it is planned anew; check that the object exists.',
    retryable: true,
  },
  'SOURCE.CHANGED_OBJECT': {
    category: 'source',
    why: 'An object was replaced while a query read it.',
    fix: 'Run the query again; write new objects instead of replacing ones that are being read.',
    retryable: true,
  },
  'SOURCE.CORRUPT_DATA': {
    category: 'source',
    why: 'The source delivered data that cannot be read.',
    fix: 'Restore or remove the object named.',
    retryable: false,
  },
  'SOURCE.UNREPRESENTABLE_VALUE': {
    category: 'source',
    why: 'A value has no exact counterpart in the type that its column is read as.',
    fix: 'Read the column as another type (see the connector options), or filter such rows in a view.',
    retryable: false,
  },
  'SOURCE.UNSUPPORTED_FORMAT': {
    category: 'source',
    why: 'A table uses a feature of its format that this reader does not know.',
    fix: 'Upgrade the connector, or rewrite the table without the feature named.',
    retryable: false,
  },
  'SOURCE.QUERY_FAILED': {
    category: 'source',
    why: 'The source rejected or aborted its part of the query.',
    fix: 'See the message of the source.',
    retryable: false,
  },
  'RESOURCE.MEMORY': {
    category: 'resource',
    why: 'The query needs more memory than its limit, even with spilling.',
    fix: 'Raise engine.memoryLimit, or make the query smaller.',
    retryable: false,
  },
  'RESOURCE.SPILL_FULL': {
    category: 'resource',
    why: 'The spill directory is full or over its quota.',
    fix: 'Free disk space, or raise engine.spillQuota.',
    retryable: false,
  },
  'QUERY.CANCELLED': {
    category: 'cancelled',
    why: 'The caller cancelled the query.',
    fix: 'Nothing to mend.',
    retryable: true,
  },
  'QUERY.TIMEOUT': {
    category: 'resource',
    why: 'The whole query took longer than its timeout.',
    fix: 'Raise the timeout, or make the query smaller.',
    retryable: true,
  },
  'QUERY.CONSUMED': {
    category: 'user',
    why: "A query's result is a stream: it can be read once.",
    fix: 'Keep what you read, or run the query again.',
    retryable: false,
  },
  'ENGINE.CLOSED': {
    category: 'user',
    why: 'The engine was used after close().',
    fix: 'Create a new engine.',
    retryable: false,
  },
  'ENGINE.INTERNAL': {
    category: 'internal',
    why: 'Tributary broke one of its own rules.',
    fix: 'Please report it with the statement and the plan.',
    retryable: false,
  },
} as const satisfies Record<string, ErrorCode>;

export type ErrorCodeName = keyof typeof errorCodes;
