import {
  type CallContext,
  type HealthFinding,
  type SourceHealth,
  TributaryError,
  abortError,
} from '@tributary/connector-sdk';
import type { LakeTable } from '../table/lake-table.js';
import { dottedName, pathOf } from '../table/table-name.js';
import type { TableProvider } from '../table/table-provider.js';

/** Lists every table and reads every footer, so that a damaged file is found before a query finds it. */
export async function checkTables(
  {
    tables,
    load,
  }: { readonly tables: TableProvider; load(path: readonly string[]): Promise<LakeTable | undefined> },
  ctx: CallContext,
): Promise<SourceHealth> {
  const started = performance.now();
  const findings: HealthFinding[] = [];
  const totals = { tables: 0, files: 0, bytes: 0 };
  try {
    for (const name of await tables.list(ctx)) {
      try {
        const table = await load(pathOf(name));
        totals.tables += 1;
        totals.files += table?.files.length ?? 0;
        totals.bytes += table?.files.reduce((sum, { file }) => sum + file.size, 0) ?? 0;
      } catch (error) {
        findings.push({ ...finding(error, ctx), message: `${dottedName(name)}: ${messageOf(error)}` });
      }
    }
  } catch (error) {
    return { healthy: false, findings: [finding(error, ctx)] };
  }
  const megabytes = (totals.bytes / 1e6).toFixed(1);
  const summary = `${count(totals.tables, 'table')}, ${count(totals.files, 'file')}, ${megabytes} MB in ${tables.location}`;
  return {
    healthy: !findings.some(({ level }) => level === 'error'),
    latencyMs: performance.now() - started,
    findings: [{ level: 'info', message: summary }, ...findings],
  };
}

function count(things: number, name: string): string {
  return `${things} ${name}${things === 1 ? '' : 's'}`;
}

function finding(error: unknown, ctx: CallContext): HealthFinding {
  if (ctx.signal.aborted) throw abortError(ctx.signal);
  const fix = error instanceof TributaryError ? error.fix : undefined;
  return { level: 'error', message: messageOf(error), ...(fix !== undefined && { fix }) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
