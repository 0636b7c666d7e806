import type { ExplainDocument, ExplainFragment } from './document.js';
import { bytes, count, counted, duration } from './figures.js';

/** The plan as a Mermaid flowchart: sources, what they send, key sets between them, the answer. */
export function formatExplainMermaid(doc: ExplainDocument): string {
  const lines = ['flowchart LR'];
  const sink = doc.residual === undefined && doc.scanOnly === undefined ? 'answer' : 'residual';
  for (const fragment of doc.fragments) {
    lines.push(`  ${fragment.id}[${quoted(fragmentLabel(fragment))}]`);
    lines.push(`  ${fragment.id} -->|${quoted(movedLabel(fragment))}| ${sink}`);
  }
  if (sink === 'residual') {
    lines.push(`  residual[${quoted('DuckDB')}]`, '  residual --> answer');
  }
  const rows =
    doc.run === undefined
      ? 'answer'
      : `answer: ${counted(doc.run.rows, 'row')}, ${duration(doc.run.totalMs)}`;
  lines.push(`  answer([${quoted(rows)}])`);
  for (const keySet of doc.keySets) {
    const keys = keySet.actual?.outcome === 'sent' ? keySet.actual.keys : keySet.estimatedKeys;
    const label = `${keySet.id}: ${keySet.keys.join(', ')}, ${counted(keys, 'key')}`;
    for (const producer of keySet.producers)
      lines.push(`  ${producer} -.->|${quoted(label)}| ${keySet.consumer}`);
  }
  return `${lines.join('\n')}\n`;
}

function fragmentLabel(fragment: ExplainFragment): string {
  const native = fragment.native.length > 400 ? `${fragment.native.slice(0, 400)} …` : fragment.native;
  return `${fragment.sourceId} (${fragment.connector})\n${native}`;
}

function movedLabel(fragment: ExplainFragment): string {
  const { actual } = fragment;
  if (actual === undefined) return `about ${counted(fragment.estimatedRows, 'row')}`;
  if (actual.state === 'skipped') return 'not contacted';
  return actual.rows === undefined
    ? bytes(actual.bytes)
    : `${count(actual.rows)} rows, ${bytes(actual.bytes)}`;
}

/** Mermaid takes any text in quotes once quotes, angle brackets and line ends are written as entities. */
function quoted(text: string): string {
  const escaped = text
    .replaceAll('#', '#35;')
    .replaceAll('"', '#quot;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;')
    .replaceAll('\n', '<br/>');
  return `"${escaped}"`;
}
