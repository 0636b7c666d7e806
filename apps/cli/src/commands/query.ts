import { extname } from 'node:path';
import type { PushdownMode } from '@tributary/core';
import { aboutStatement } from '../errors/failed-statement.js';
import { UsageError } from '../errors/usage-error.js';
import { CountedResult } from '../output/counted-result.js';
import { ClosedPipe, writeToFile, writeToStream } from '../output/deliver.js';
import { resultWriter, tableStyle } from '../output/formats.js';
import { type OutputFormat, formatOfPath, isBinary, outputFormats } from '../output/output-format.js';
import { openSession } from '../session.js';
import { parseParameters } from '../statement/parameters.js';
import { changesViews } from '../statement/changes-views.js';
import { readStatement } from '../statement/read-statement.js';
import { ProgressLine } from '../terminal/progress-line.js';
import { formatDuration, formatRows } from '../terminal/units.js';
import type { CommandContext } from './command-context.js';

export interface StatementOptions {
  readonly sql?: string | undefined;
  readonly file?: string;
  readonly param: readonly string[];
  readonly timeout?: number;
}

export interface QueryCommandOptions extends StatementOptions {
  readonly format?: OutputFormat;
  readonly output?: string;
  readonly pushdown: PushdownMode;
}

export async function runQuery(context: CommandContext, options: QueryCommandOptions): Promise<void> {
  const { terminal, signal } = context;
  const format = chooseFormat(options, terminal.stdout.isTTY);
  const sql = await readStatement(options.sql, options.file, terminal.stdin);
  const params = parseParameters(options.param);
  if (changesViews(sql)) {
    throw new UsageError(
      'A view of this command is gone with it: write it under `views` in the configuration, or make it in `tributary shell`.',
    );
  }
  await using session = await openSession(context.global);
  using progress = new ProgressLine(terminal);
  const started = performance.now();
  await aboutStatement(sql, async () => {
    await using result = await session.engine.query(sql, {
      params,
      signal,
      pushdown: options.pushdown,
      onProgress: progress.update,
      ...(options.timeout !== undefined && { timeoutMs: options.timeout }),
    });
    const counted = new CountedResult(result, () => {
      if (options.output === undefined && terminal.stdout.isTTY) progress.stop();
    });
    const chunks = resultWriter(format, tableStyle(terminal))(counted);
    const isWhole = await deliver(chunks, options.output, terminal.stdout);
    progress.stop();
    if (isWhole && (format === 'table' || options.output !== undefined)) {
      const target = options.output === undefined ? '' : ` to ${options.output}`;
      const elapsed = formatDuration(performance.now() - started);
      terminal.stderr.write(terminal.err.dim(`${formatRows(counted.rows)}${target} in ${elapsed}\n`));
    }
  });
}

/** False when the reader of stdout went away before the end. */
async function deliver(
  chunks: AsyncIterable<string | Uint8Array>,
  output: string | undefined,
  stdout: NodeJS.WriteStream,
): Promise<boolean> {
  if (output !== undefined) {
    await writeToFile(chunks, output);
    return true;
  }
  try {
    await writeToStream(chunks, stdout);
    return true;
  } catch (error) {
    if (error instanceof ClosedPipe) return false;
    throw error;
  }
}

function chooseFormat({ format, output }: QueryCommandOptions, isTerminal: boolean): OutputFormat {
  if (format === undefined) return output === undefined ? 'table' : formatOfFile(output);
  if (output === undefined && isTerminal && isBinary(format)) {
    throw new UsageError(`A terminal cannot show ${format}: add --output <file>, or redirect stdout.`);
  }
  return format;
}

/** A name without an ending, or with `.txt`, is a table; one that promises something else is not quietly made one. */
function formatOfFile(path: string): OutputFormat {
  const format =
    formatOfPath(path) ?? (['', '.txt'].includes(extname(path).toLowerCase()) ? 'table' : undefined);
  if (format !== undefined) return format;
  throw new UsageError(
    `The ending of ${path} is that of no format: add --format, one of ${outputFormats.join(', ')}.`,
  );
}
