import type { Decision } from '@tributary/contract';
import type { ExplainDocument, ExplainFragment, ExplainKeySet, FragmentRun } from './document.js';
import { bytes, count, counted, duration } from './figures.js';

/** The plan as indented text: what each source is asked, what stays here, and why. */
export function formatExplainText(doc: ExplainDocument): string {
  const sections = [
    headline(doc),
    ...doc.fragments.map((fragment) => fragmentText(fragment, doc.keySets)),
    ...doc.held.map(
      ({ id, sql }) => `${id}, which DuckDB evaluates once, for its keys and its rows:\n${indent(sql, 4)}`,
    ),
    residualText(doc),
    decisionsText(
      'Pushed',
      doc.decisions.filter((d) => d.outcome === 'pushed' || d.outcome === 'split'),
    ),
    decisionsText(
      'Kept',
      doc.decisions.filter((d) => d.outcome === 'kept'),
    ),
    decisionsText(
      'Dropped',
      doc.decisions.filter((d) => d.outcome === 'dropped'),
    ),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline(doc: ExplainDocument): string {
  const sources = new Set(doc.fragments.map((fragment) => fragment.sourceId));
  const shape =
    doc.residual === undefined && doc.scanOnly === undefined
      ? 'one source runs all of it'
      : `${counted(doc.fragments.length, 'fragment')} from ${counted(sources.size, 'source')}`;
  const keySets = doc.keySets.length > 0 ? `, ${counted(doc.keySets.length, 'key set')}` : '';
  const lines = [`Plan (pushdown ${doc.pushdown}): ${shape}${keySets}`];
  if (doc.run !== undefined) {
    const { rows, rowsFetched, bytesFetched, planMs, totalMs } = doc.run;
    lines.push(
      `Run: ${counted(rows, 'row')} in ${duration(totalMs)} (planned in ${duration(planMs)}); ` +
        `moved ${counted(rowsFetched, 'row')}, ${bytes(bytesFetched)}`,
    );
  }
  return lines.join('\n');
}

function fragmentText(fragment: ExplainFragment, keySets: readonly ExplainKeySet[]): string {
  const lines = [`${fragment.id}  ${fragment.sourceId} (${fragment.connector})`];
  lines.push(
    `    estimated  ${counted(fragment.estimatedRows, 'row')}, ${bytes(fragment.estimatedBytes)} (statistics: ${fragment.statistics})`,
  );
  const { actual } = fragment;
  if (actual !== undefined) {
    lines.push(
      actual.state === 'skipped'
        ? '    actual     never contacted'
        : `    actual     ${rowsText(actual)}, ${bytes(actual.bytes)}, ${duration(actual.ms)} from ${duration(actual.startedMs)} on` +
            (actual.state === 'done' ? '' : ` (${actual.state})`),
    );
  }
  for (const keySet of keySets.filter((k) => k.consumer === fragment.id))
    lines.push(`    ${keySetText(keySet)}`);
  lines.push(indent(actual?.native ?? fragment.native, 4));
  return lines.join('\n');
}

function rowsText({ rows }: FragmentRun): string {
  return rows === undefined ? 'rows not counted' : counted(rows, 'row');
}

function keySetText(keySet: ExplainKeySet): string {
  const of = `key set ${keySet.id} (${keySet.keys.join(', ')})`;
  const { actual } = keySet;
  if (actual === undefined) {
    return (
      `${of}: about ${counted(keySet.estimatedKeys, 'key')}, expected to cut ${count(keySet.estimatedRowsWithout)} rows ` +
      `to ${count(keySet.estimatedRowsWith)}`
    );
  }
  switch (actual.outcome) {
    case 'sent':
      return `${of}: ${counted(actual.keys, 'key')} sent, about ${counted(actual.rowsSaved, 'row')} saved`;
    case 'too-many-keys':
      return `${of}: not sent, more than ${count(keySet.maxKeys)} keys`;
    case 'empty':
      return `${of}: empty, so the source was not contacted`;
  }
}

function residualText(doc: ExplainDocument): string {
  if (doc.scanOnly !== undefined) {
    return `DuckDB runs the statement as written (${doc.scanOnly} is not planned further):\n${indent(doc.sql, 4)}`;
  }
  return doc.residual === undefined ? '' : `DuckDB, over the fragments:\n${indent(doc.residual, 4)}`;
}

function decisionsText(title: string, decisions: readonly Decision[]): string {
  if (decisions.length === 0) return '';
  const width = Math.max(...decisions.map((d) => d.piece.length));
  const lines = decisions.map((d) => {
    const where = d.sourceId === undefined ? '' : ` -> ${d.sourceId}`;
    const why = d.code === 'PUSHED' ? '' : `  [${d.code}] ${d.why}`;
    return `    ${d.piece.padEnd(width)}  ${d.text}${where}${why}`;
  });
  return [title, ...new Set(lines)].join('\n');
}

function indent(text: string, by: number): string {
  const pad = ' '.repeat(by);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => pad + line)
    .join('\n');
}
