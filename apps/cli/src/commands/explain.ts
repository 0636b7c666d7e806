import { type ExplainFormat, type PushdownMode, formatExplain } from '@tributary/core';
import { aboutStatement } from '../errors/failed-statement.js';
import { openSession } from '../session.js';
import { parseParameters } from '../statement/parameters.js';
import { readStatement } from '../statement/read-statement.js';
import { ProgressLine } from '../terminal/progress-line.js';
import type { CommandContext } from './command-context.js';
import type { StatementOptions } from './query.js';

export interface ExplainCommandOptions extends StatementOptions {
  readonly analyze: boolean;
  readonly format: ExplainFormat;
  readonly pushdown: PushdownMode;
}

export async function runExplain(context: CommandContext, options: ExplainCommandOptions): Promise<void> {
  const { terminal, signal } = context;
  const sql = await readStatement(options.sql, options.file, terminal.stdin);
  const params = parseParameters(options.param);
  await using session = await openSession(context.global);
  using progress = new ProgressLine(terminal);
  const document = await aboutStatement(sql, () =>
    session.engine.explain(sql, {
      params,
      signal,
      pushdown: options.pushdown,
      analyze: options.analyze,
      ...(options.timeout !== undefined && { timeoutMs: options.timeout }),
    }),
  );
  progress.stop();
  terminal.stdout.write(`${formatExplain(document, options.format).trimEnd()}\n`);
}
