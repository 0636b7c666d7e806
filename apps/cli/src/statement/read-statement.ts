import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { systemFault } from '../errors/system-fault.js';
import { UsageError } from '../errors/usage-error.js';

/** The SQL of a command: its argument, the file of `-f`, or what comes through stdin. */
export async function readStatement(
  argument: string | undefined,
  file: string | undefined,
  stdin: NodeJS.ReadStream,
): Promise<string> {
  if (argument !== undefined && file !== undefined) {
    throw new UsageError('Give the statement as an argument or in a file with -f, not both.');
  }
  const sql = trimmed(await readText(argument, file, stdin));
  if (sql === '') throw new UsageError('The statement is empty.');
  return sql;
}

async function readText(
  argument: string | undefined,
  file: string | undefined,
  stdin: NodeJS.ReadStream,
): Promise<string> {
  if (argument !== undefined && argument !== '-') return argument;
  if (file !== undefined && file !== '-') {
    return readTextFile(file);
  }
  if (stdin.isTTY && argument !== '-' && file !== '-') {
    throw new UsageError(
      'There is no statement: give one as an argument, in a file with -f, or through stdin.',
    );
  }
  return text(stdin);
}

/** @throws UsageError */
export async function readTextFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${systemFault(cause)}.`, { cause });
  }
}

/** Without the closing semicolon; leading space stays, so that positions stay. */
function trimmed(sql: string): string {
  return sql.replace(/[\s;]+$/, '');
}
