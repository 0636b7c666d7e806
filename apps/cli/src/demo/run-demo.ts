import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckdbS3 } from '@tributary/connector-duckdb-s3';
import { postgres } from '@tributary/connector-postgres';
import { TributaryError } from '@tributary/contract';
import {
  type Engine,
  type ExplainRun,
  type PushdownMode,
  createEngine,
  createSourceFromConnector,
  formatExplain,
} from '@tributary/core';
import { type PostgresServer, startPostgres, watchOver } from '@tributary/embedded-postgres';
import type { CommandContext } from '../commands/command-context.js';
import { aboutStatement } from '../errors/failed-statement.js';
import { writeToStream } from '../output/deliver.js';
import { resultWriter, tableStyle } from '../output/formats.js';
import { commandLine } from '../terminal/command-line.js';
import type { Terminal } from '../terminal/terminal.js';
import { formatBytes, formatCount, formatDuration, formatRows } from '../terminal/units.js';
import { eventCount, fillLake } from './fill-lake.js';
import { fillShop } from './fill-shop.js';
import { demoQuery, question } from './question.js';
import { customerCount, orderCount } from './shop-data.js';

/** A federated query from nothing to the answer, on servers and files of its own that are gone afterwards. */
export async function runDemo({ terminal, signal }: CommandContext): Promise<void> {
  const { stdout, out } = terminal;
  stdout.write(`${out.bold('Tributary: one SQL statement over PostgreSQL and a Parquet lake')}\n\n`);
  await using server = await step(terminal, 'Starting PostgreSQL 18', signal, async () => {
    const started = await startServer();
    return { value: started, outcome: `on 127.0.0.1:${started.port}` };
  });
  await step(terminal, 'Filling it with a shop', signal, async () => {
    await fillShop(server.url, signal);
    const outcome = `${formatCount(customerCount)} customers, ${formatCount(orderCount)} orders`;
    return { value: undefined, outcome };
  });
  await using lake = await temporaryFolder();
  await step(terminal, 'Writing a lake of events', signal, async () => {
    const { files, bytes } = await fillLake(lake.path, signal);
    return {
      value: undefined,
      outcome: `${formatRows(eventCount)} in ${files} Parquet files, ${formatBytes(bytes)}`,
    };
  });
  await using engine = await demoEngine(server.url, lake.path);
  stdout.write(`\n${out.bold(question)}\n\n${indent(demoQuery)}\n\n`);
  await aboutStatement(demoQuery, () => showAnswer(engine, terminal, signal));
  stdout.write(nextSteps(terminal));
}

async function startServer(): Promise<PostgresServer> {
  try {
    return await startPostgres({ settings: { shared_buffers: '64MB', max_connections: '20' } });
  } catch (cause) {
    throw new TributaryError('SOURCE.UNREACHABLE', {
      message: `The demo's PostgreSQL did not start: ${cause instanceof Error ? cause.message : String(cause)}`,
      fix: 'Mend what PostgreSQL complains of, or name a server of your own in tributary.yaml.',
      cause,
    });
  }
}

async function demoEngine(url: string, root: string): Promise<Engine> {
  const sources = [
    await createSourceFromConnector(postgres, 'shop', { url }),
    await createSourceFromConnector(duckdbS3, 'lake', { root }),
  ];
  return createEngine({ sources });
}

async function showAnswer(engine: Engine, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const { stdout, out } = terminal;
  await using result = await engine.query(demoQuery, { signal });
  await writeToStream(resultWriter('table', tableStyle(terminal))(result), stdout);
  const plan = result.explain();
  stdout.write(
    `\n${out.bold('What ran where')} (tributary explain --analyze)\n\n${indent(formatExplain(plan, 'text').trimEnd())}\n\n`,
  );
  const unpushed = await measure(engine, 'off', signal);
  if (plan.run === undefined || unpushed === undefined) return;
  stdout.write(
    `${out.bold('The difference')}\n\n` +
      `  as planned      ${moved(plan.run)}\n` +
      `  nothing pushed  ${moved(unpushed)}\n\n`,
  );
}

async function measure(
  engine: Engine,
  pushdown: PushdownMode,
  signal: AbortSignal,
): Promise<ExplainRun | undefined> {
  const { run } = await engine.explain(demoQuery, { signal, pushdown, analyze: true });
  return run;
}

function moved(run: ExplainRun): string {
  const size = `${formatRows(run.rowsFetched).padStart(12)}, ${formatBytes(run.bytesFetched).padStart(7)}`;
  return `${size} moved, answered in ${formatDuration(run.totalMs)}`;
}

interface StepResult<T> {
  readonly value: T;
  readonly outcome: string;
}

/** Says what is done and, when it is, how it went and how long it took. */
async function step<T>(
  terminal: Terminal,
  title: string,
  signal: AbortSignal,
  work: () => Promise<StepResult<T>>,
): Promise<T> {
  const { stdout, out } = terminal;
  signal.throwIfAborted();
  if (stdout.isTTY) stdout.write(`  ${title} ...`);
  const started = performance.now();
  const { value, outcome } = await work().catch((error: unknown) => {
    // Ctrl-C also reaches what the step had started: that it failed is no news then.
    signal.throwIfAborted();
    throw error;
  });
  const line = `  ${title.padEnd(24)}  ${outcome.padEnd(40)}  ${out.dim(formatDuration(performance.now() - started))}\n`;
  stdout.write(stdout.isTTY ? `\r\x1b[K${line}` : line);
  return value;
}

interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'tributary-demo-'));
  const endWatch = watchOver(path);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
      await endWatch();
    },
  };
}

function nextSteps({ out }: Terminal): string {
  const command = commandLine('npx @tributary/cli');
  return `${out.bold('Now your own data')}

  ${command} init      writes a commented tributary.yaml
  ${command} doctor    reaches every source, and says what is wrong
  ${command} shell     asks away, with completion
  ${command} --help    the rest

The PostgreSQL and the files of this demo are gone now.
`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
