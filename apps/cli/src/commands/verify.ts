import { type Engine, type PushdownMode, type QueryOptions, createEngine } from '@tributary/core';
import { aboutStatement } from '../errors/failed-statement.js';
import { exitCodes } from '../errors/exit-codes.js';
import { tableStyle } from '../output/formats.js';
import { escapeControls, renderTable } from '../output/table-layout.js';
import { engineOptions, openSession } from '../session.js';
import { parseParameters } from '../statement/parameters.js';
import { readStatement } from '../statement/read-statement.js';
import { ProgressLine } from '../terminal/progress-line.js';
import type { Terminal } from '../terminal/terminal.js';
import { formatDuration, formatRows } from '../terminal/units.js';
import { type Comparison, type Difference, type Run, compareAnswers } from '../verify/compare-answers.js';
import { type Culprit, findCulprit } from '../verify/find-culprit.js';
import type { CommandContext } from './command-context.js';
import type { StatementOptions } from './query.js';

/** Runs the statement pushed and unpushed; exit code 1 when the answers differ. */
export async function runVerify(context: CommandContext, options: StatementOptions): Promise<number> {
  const { terminal, signal } = context;
  const sql = await readStatement(options.sql, options.file, terminal.stdin);
  const params = parseParameters(options.param);
  await using session = await openSession(context.global);
  const { engine } = session;
  const queryOptions = {
    params,
    signal,
    ...(options.timeout !== undefined && { timeoutMs: options.timeout }),
  };
  return await aboutStatement(sql, async () => {
    const timings = new Map<PushdownMode, number>();
    const pushed = runner(terminal, engine, sql, { ...queryOptions, pushdown: 'auto' }, timings);
    const unpushed = runner(terminal, engine, sql, { ...queryOptions, pushdown: 'off' }, timings);
    const comparison = await compareAnswers(pushed, unpushed);
    terminal.stdout.write(
      `pushed    ${formatRows(comparison.leftRows)} in ${formatDuration(timings.get('auto') ?? 0)}\n` +
        `unpushed  ${formatRows(comparison.rightRows)} in ${formatDuration(timings.get('off') ?? 0)}\n`,
    );
    if (comparison.difference === undefined) {
      terminal.stdout.write(terminal.out.green('The answers agree.\n'));
      return exitCodes.done;
    }
    terminal.stdout.write(differenceText(comparison, comparison.difference, terminal));
    const { decisions } = await engine.explain(sql, { params, signal });
    const culprit = await findCulprit(
      engine.sources(),
      decisions,
      async (sources) => {
        const restricted = await createEngine({ ...engineOptions(session.config), sources });
        try {
          const left = runner(terminal, restricted, sql, { ...queryOptions, pushdown: 'auto' });
          return (await compareAnswers(left, unpushed)).difference === undefined;
        } finally {
          await restricted.close();
        }
      },
      (source, label) => terminal.stderr.write(`trying without ${label} in ${source} ...\n`),
    );
    terminal.stdout.write(culpritText(culprit));
    return exitCodes.query;
  });
}

function runner(
  terminal: Terminal,
  engine: Engine,
  sql: string,
  options: QueryOptions,
  timings?: Map<PushdownMode, number>,
): Run {
  return async (read) => {
    using progress = new ProgressLine(terminal);
    const started = performance.now();
    await using result = await engine.query(sql, { ...options, onProgress: progress.update });
    const value = await read(result);
    // The first run counts: a second one finds warm caches.
    if (options.pushdown !== undefined && timings?.has(options.pushdown) === false) {
      timings.set(options.pushdown, performance.now() - started);
    }
    return value;
  };
}

function differenceText({ columns }: Comparison, difference: Difference, terminal: Terminal): string {
  const { out } = terminal;
  const rows = [
    ...difference.onlyLeft.map((cells) => ['pushed', ...cells.map(escapeControls)]),
    ...difference.onlyRight.map((cells) => ['unpushed', ...cells.map(escapeControls)]),
  ];
  const header = ['only in', ...columns.map(({ name }) => name)].map((name) => ({ name, numeric: false }));
  return `${out.red('The answers differ.')} The first rows that only one of them has:\n\n${renderTable(header, rows, tableStyle(terminal))}\n`;
}

function culpritText(culprit: Culprit | undefined): string {
  if (culprit === undefined) {
    return (
      'No single kind of pushed piece explains it. The data may have changed between the runs, or the statement may have\n' +
      'more than one right answer (LIMIT without a complete ORDER BY, random(), now()).\n'
    );
  }
  const pieces = culprit.decisions.map(({ piece, text }) => `  ${piece}: ${text}\n`);
  return (
    `Without ${culprit.restriction.label} in ${culprit.sourceId} the answers agree. What was pushed there of that kind:\n` +
    `${pieces.join('')}Please report it; until then \`--pushdown off\` gives the right answer.\n`
  );
}
