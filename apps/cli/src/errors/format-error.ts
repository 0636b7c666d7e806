import { TributaryError } from '@tributary/contract';
import type { Colors } from '../terminal/colors.js';
import { codeFrame, positionAt } from './code-frame.js';
import { ConfigError } from './config-error.js';
import { FailedStatement } from './failed-statement.js';
import { UsageError } from './usage-error.js';

/** An error as a person wants it: what, where, what was probably meant, and how to mend it. */
export function formatError(error: unknown, colors: Colors, sql?: string): string {
  if (error instanceof FailedStatement) return formatError(error.cause, colors, error.sql);
  if (error instanceof UsageError) return `${colors.red(colors.bold('error'))}: ${error.message}\n`;
  if (!(error instanceof TributaryError)) return formatUnexpected(error, colors);
  const lines = [`${colors.red(colors.bold(`error[${error.code}]`))}: ${error.message}`];
  const frame = frameOf(error, sql);
  if (frame !== undefined) lines.push(indent(frame));
  if (error.candidates.length > 0) lines.push(`  did you mean: ${error.candidates.join(', ')}`);
  if (error.sourceId !== undefined) lines.push(`  source: ${error.sourceId}`);
  if (error.object !== undefined) lines.push(`  object: ${error.object}`);
  // The candidates stand there already where the fix is to take one of them.
  const isSaid = error.candidates.length > 0 && error.fix.startsWith('Did you mean');
  if (error.category !== 'cancelled' && !isSaid) lines.push(`  ${colors.green('fix')}: ${error.fix}`);
  return `${lines.join('\n')}\n`;
}

function frameOf(error: TributaryError, sql: string | undefined): string | undefined {
  if (error instanceof ConfigError && error.location !== undefined) {
    const { file, text, position } = error.location;
    return `at ${file}:${position.line}:${position.column}\n${codeFrame(text, position)}`;
  }
  if (error.position === undefined || sql === undefined) return undefined;
  const position = positionAt(sql, error.position);
  return `at line ${position.line}, column ${position.column}\n${codeFrame(sql, position)}`;
}

function formatUnexpected(error: unknown, colors: Colors): string {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${colors.red(colors.bold('unexpected error'))}: ${detail}\n  This is a fault in Tributary: please report it.\n`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
