import type { IFederatedDataSource } from '@tributary/contract';
import { tableStyle } from '../output/formats.js';
import { type TableStyle, renderTable } from '../output/table-layout.js';
import { openSession } from '../session.js';
import type { CommandContext } from './command-context.js';

/** Lists the configured sources without reaching for them. */
export async function runSources(context: CommandContext): Promise<void> {
  await using session = await openSession(context.global);
  context.terminal.stdout.write(sourceList(session.engine.sources(), tableStyle(context.terminal)));
}

const columns = ['source', 'connector', 'kind', 'takes', 'location'].map((name) => ({
  name,
  numeric: false,
}));

export function sourceList(sources: readonly IFederatedDataSource[], style: TableStyle): string {
  const rows = sources.map((source) => {
    const { connector, sourceType, capabilities, computeContext } = source.getInfo();
    const takes = capabilities.kind === 'sql' ? `SQL (${capabilities.dialect.name})` : 'scans';
    return [source.sourceId, connector, sourceType, takes, computeContext];
  });
  return renderTable(columns, rows, style);
}
