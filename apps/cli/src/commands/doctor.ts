import { availableParallelism, totalmem } from 'node:os';
import { type IFederatedDataSource, type SourceHealth, TributaryError } from '@tributary/contract';
import type { Colors } from '../terminal/colors.js';
import { exitCodes } from '../errors/exit-codes.js';
import { openSession } from '../session.js';
import { formatBytes, formatCount, formatDuration } from '../terminal/units.js';
import { brokenViewText, brokenViews } from './check-views.js';
import type { CommandContext } from './command-context.js';

export interface DoctorOptions {
  readonly timeout?: number;
}

interface Finding {
  readonly source: IFederatedDataSource;
  readonly health: SourceHealth;
  readonly ms: number;
}

/** Reaches every source, then plans every view; exit code 3 when a source is not well, 2 when a view is wrong. */
export async function runDoctor(
  context: CommandContext,
  { timeout = 10_000 }: DoctorOptions,
): Promise<number> {
  const { terminal, signal } = context;
  await using session = await openSession(context.global);
  const { file, title = file } = session.config;
  terminal.stdout.write(`configuration  ${title}\nnode           ${process.version}, ${machine()}\n\n`);
  const sources = session.engine.sources();
  const width = Math.max(...sources.map(({ sourceId }) => sourceId.length));
  const findings = await Promise.all(sources.map((source) => examine(source, timeout, signal)));
  signal.throwIfAborted();
  for (const finding of findings) terminal.stdout.write(report(finding, width, terminal.out));
  const sick = findings.filter(({ health }) => !health.healthy).length;
  if (sick > 0) {
    terminal.stdout.write(`\n${terminal.out.red(`${sick} of ${sources.length} sources failed.`)}\n`);
    return exitCodes.source;
  }
  // Views read the sources, so they are worth a look only when those are well.
  const broken = await brokenViews(session.engine, signal);
  for (const view of broken) terminal.stdout.write(brokenViewText(view, terminal.out));
  const verdict =
    broken.length === 0
      ? terminal.out.green('All sources answer.')
      : `All sources answer. ${terminal.out.red(`${formatCount(broken.length)} of ${session.engine.views().length} views failed.`)}`;
  terminal.stdout.write(`\n${verdict}\n`);
  return broken.length === 0 ? exitCodes.done : exitCodes.usage;
}

async function examine(
  source: IFederatedDataSource,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Finding> {
  const started = performance.now();
  const health = await healthOf(source, timeoutMs, signal);
  return { source, health, ms: performance.now() - started };
}

async function healthOf(
  source: IFederatedDataSource,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<SourceHealth> {
  const timeout = new AbortController();
  const timer = setTimeout(() => {
    const message = `No answer within ${formatDuration(timeoutMs)}.`;
    timeout.abort(new TributaryError('SOURCE.TIMEOUT', { message, sourceId: source.sourceId }));
  }, timeoutMs);
  try {
    return await source.checkHealth({ signal: AbortSignal.any([signal, timeout.signal]) });
  } catch (error) {
    if (signal.aborted || !(error instanceof TributaryError)) throw error;
    return {
      healthy: false,
      findings: [{ level: 'error', message: `${error.code}: ${error.message}`, fix: error.fix }],
    };
  } finally {
    clearTimeout(timer);
  }
}

function report({ source, health, ms }: Finding, width: number, colors: Colors): string {
  const mark = health.healthy ? colors.green('ok    ') : colors.red('FAILED');
  const facts = [
    source.getInfo().connector,
    health.version,
    health.latencyMs === undefined ? undefined : `round trip ${formatDuration(health.latencyMs)}`,
    `checked in ${formatDuration(ms)}`,
  ].filter((fact) => fact !== undefined);
  const lines = [`${mark}  ${colors.bold(source.sourceId.padEnd(width))}  ${facts.join(', ')}`];
  for (const { level, message, fix } of health.findings) {
    lines.push(`          ${level}: ${message}`);
    if (fix !== undefined) lines.push(`          ${colors.green('fix')}: ${fix}`);
  }
  return `${lines.join('\n')}\n`;
}

function machine(): string {
  return `${availableParallelism()} cores, ${formatBytes(totalmem())} memory`;
}
