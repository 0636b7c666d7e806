import { TributaryError } from '@tributary/contract/errors';
import { withoutComments } from './comments.js';

/** Strings, quoted names and dollar-quoted texts: what may hold any word or semicolon. */
const quoted =
  /[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$/g;

interface Refusal {
  readonly begins: RegExp;
  readonly why: string;
  readonly fix: string;
}

const onTheSource = 'Run it on the source itself.';

/** By the words that a statement begins with; none of them begins a query. First match wins. */
const refusals: readonly Refusal[] = [
  {
    begins: /^(insert|update|delete|merge|truncate|grant|revoke)\b/i,
    why: 'statements only read',
    fix: onTheSource,
  },
  {
    begins: /^(copy|export|import)\b/i,
    why: 'statements reach no files',
    fix: 'To write rows into a file, SELECT them with `tributary query --output rows.parquet`; to read one, register it as a table of a source.',
  },
  {
    begins: /^create\s+(or\s+replace\s+)?((temp|temporary|recursive|materialized)\s+)?view\b/i,
    why: 'a view is made by CREATE [OR REPLACE] VIEW name AS SELECT … and in no other form',
    fix: 'Leave out TEMP, IF NOT EXISTS, the schema and the list of columns.',
  },
  {
    begins: /^drop\s+view\b/i,
    why: 'a view is dropped by DROP VIEW [IF EXISTS] name and in no other form',
    fix: 'Drop one view at a time, by its name alone.',
  },
  {
    begins: /^(create|alter|drop|comment)\b/i,
    why: 'only views can be made and dropped here',
    fix: `${onTheSource} A query under a name is CREATE VIEW name AS SELECT …`,
  },
  {
    begins: /^(attach|detach|install|load)\b/i,
    why: 'sources are configured, not attached',
    fix: "Add the source to the configuration, or to createEngine's `sources`.",
  },
  {
    begins: /^use\b/i,
    why: 'no source is the current one',
    fix: 'Write tables with their source, as in shop.public.orders.',
  },
  {
    begins: /^(pragma|call)\b/i,
    why: "it would tell of the engine's own DuckDB",
    fix: 'SHOW TABLES, DESCRIBE <table> and SUMMARIZE <table> tell of the sources.',
  },
  {
    begins: /^(set|reset)\b/i,
    why: 'settings stay as they are while the engine is open',
    fix: "Set it in the configuration's `engine`, or in createEngine's options; values for a statement are its parameters.",
  },
  {
    begins: /^(begin|start|commit|rollback|abort|end)\b/i,
    why: 'there are no transactions, each statement reads by itself',
    fix: 'Leave it out.',
  },
  {
    begins: /^(checkpoint|force|vacuum|analyze)\b/i,
    why: 'the engine holds no data of its own',
    fix: onTheSource,
  },
  {
    begins: /^(prepare|execute|deallocate)\b/i,
    why: 'plans are kept for statements of the same text',
    fix: 'Write $1 or $name into the statement, and give the values with it: query(sql, { params }), or --param.',
  },
  {
    begins: /^explain\b/i,
    why: 'a plan is asked for beside the statement',
    fix: 'Leave EXPLAIN out, and give the statement to engine.explain(), to `tributary explain`, or to \\explain in the shell.',
  },
];

/**
 * Why a text that is not one query cannot run, and what to write instead; undefined for what begins like a query. It goes by the
 * words of the text, so it is only for texts that DuckDB did not take for a query.
 */
export function refusedStatement(sql: string): TributaryError | undefined {
  const bare = withoutComments(sql).replaceAll(quoted, "''");
  const [first, ...others] = bare.split(';').filter((text) => text.trim() !== '');
  if (first === undefined) {
    return new TributaryError('SQL.SYNTAX', {
      message: 'The statement is empty.',
      fix: 'Write a query, such as SELECT * FROM shop.public.orders.',
    });
  }
  if (others.length > 0) {
    return unsupported('Give one statement at a time.', 'Run them one after the other.');
  }
  const text = first.trim();
  const refusal = refusals.find(({ begins }) => begins.test(text));
  if (refusal === undefined) return undefined;
  const word = /^\w+/.exec(text)?.[0].toUpperCase() ?? text;
  return unsupported(`${word} is refused: ${refusal.why}.`, refusal.fix);
}

/**
 * Why a text that DuckDB parsed as something other than one query cannot run. A PIVOT without IN is one: DuckDB makes two statements
 * of it, the first of which fetches the values.
 */
export function refusedAsNoQuery(sql: string): TributaryError {
  const refused = refusedStatement(sql);
  if (refused !== undefined) return refused;
  return /\bpivot(_wider)?\b/i.test(sql)
    ? unsupported(
        'PIVOT is refused without the values that become columns: they must be known before any row is read.',
        "List them: PIVOT t ON kind IN ('buy', 'view') USING count(*). SELECT DISTINCT kind FROM t finds them.",
      )
    : unsupported('Only queries, DESCRIBE, SHOW and CREATE or DROP VIEW run through the engine.');
}

function unsupported(message: string, fix?: string): TributaryError {
  return new TributaryError('SQL.UNSUPPORTED_STATEMENT', { message, ...(fix !== undefined && { fix }) });
}
