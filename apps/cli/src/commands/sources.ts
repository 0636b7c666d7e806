import { renderTable } from '../output/table-layout.js';
import { tableStyle } from '../output/formats.js';
import { openSession } from '../session.js';
import type { CommandContext } from './command-context.js';

/** Lists the configured sources without reaching for them. */
export async function runSources(context: CommandContext): Promise<void> {
  await using session = await openSession(context.global);
  const rows = session.engine.sources().map((source) => {
    const { connector, sourceType, capabilities, computeContext } = source.getInfo();
    const takes = capabilities.kind === 'sql' ? `SQL (${capabilities.dialect.name})` : 'scans';
    return [source.sourceId, connector, sourceType, takes, computeContext];
  });
  const columns = ['source', 'connector', 'kind', 'takes', 'location'].map((name) => ({ name, numeric: false }));
  context.terminal.stdout.write(renderTable(columns, rows, tableStyle(context.terminal)));
}
