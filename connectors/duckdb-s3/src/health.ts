import {
  type CallContext,
  type HealthFinding,
  type SourceHealth,
  TributaryError,
  abortError,
} from '@tributary/connector-sdk';
import type { LakeCatalog } from './catalog.js';
import { dottedName } from './table/definition.js';

/** Lists every table and reads every footer, so that a damaged file is found before a query finds it. */
export async function checkLake(catalog: LakeCatalog, ctx: CallContext): Promise<SourceHealth> {
  const started = performance.now();
  const findings: HealthFinding[] = [];
  const totals = { tables: 0, files: 0, bytes: 0 };
  try {
    for (const definition of await catalog.definitions(ctx)) {
      const path = [definition.schema, definition.name].filter((part) => part !== undefined);
      try {
        const table = await catalog.loadDefinition(definition, path, ctx);
        totals.tables += 1;
        totals.files += table.files.length;
        totals.bytes += table.files.reduce((sum, { file }) => sum + file.size, 0);
      } catch (error) {
        findings.push({ ...finding(error, ctx), message: `${dottedName(definition)}: ${messageOf(error)}` });
      }
    }
  } catch (error) {
    return { healthy: false, findings: [finding(error, ctx)] };
  }
  const megabytes = (totals.bytes / 1e6).toFixed(1);
  const summary = `${count(totals.tables, 'table')}, ${count(totals.files, 'file')}, ${megabytes} MB in ${catalog.root}`;
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
