import type { CheckResult } from '../suite/check.js';
import type { ConformanceReport, ReportedGap } from './conformance-report.js';

/** The page that says which connector can do what: made of reports, never by hand. */
export function supportMatrix(reports: readonly ConformanceReport[]): string {
  const sorted = reports.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [
    '# Support matrix',
    '',
    '<!-- Written by scripts/support-matrix.mjs from connectors/*/conformance*.json. -->',
    '',
    'What each connector has shown in the conformance suite. [conformance.md](conformance.md) says what the grades mean.',
    '',
    ...table(
      ['connector', 'tested on', 'grade', 'passed', 'known gaps', 'generated statements'],
      sorted.map((report) => [
        report.name,
        report.versions.server ?? '',
        report.grade,
        String(count(report, 'passed')),
        String(count(report, 'gap')),
        String(report.statements.count),
      ]),
    ),
    '## Pushed down',
    '',
    'Declared by the connector, seen in its plans, and equal to the answer without it.',
    '',
    ...table(
      ['', ...sorted.map(({ name }) => name)],
      capabilitiesOf(sorted).map((capability) => [
        capability,
        ...sorted.map(({ capabilities }) => (capabilities.includes(capability) ? 'yes' : '')),
      ]),
    ),
    '## Types',
    '',
    'Read back and found again value by value.',
    '',
    ...table(
      ['', ...sorted.map(({ name }) => name)],
      typesOf(sorted).map((type) => [type, ...sorted.map((report) => typeSupport(report, type))]),
    ),
    '## Known gaps',
    '',
    ...sorted.flatMap(({ name, gaps }) => [
      `### ${name}`,
      '',
      ...(gaps.length === 0 ? ['None.'] : gaps.map(gapText)),
      '',
    ]),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

function count({ checks }: ConformanceReport, outcome: CheckResult['outcome']): number {
  return Object.values(checks).filter((each) => each === outcome).length;
}

function capabilitiesOf(reports: readonly ConformanceReport[]): readonly string[] {
  return [...new Set(reports.flatMap(({ capabilities }) => capabilities))];
}

function typesOf(reports: readonly ConformanceReport[]): readonly string[] {
  const ids = reports.flatMap(({ checks }) => Object.keys(checks));
  const types = ids.flatMap((id) =>
    id.endsWith('-predicate') ? [id.slice('types.'.length, -'-predicate'.length)] : [],
  );
  return [...new Set(types)];
}

function typeSupport({ checks, gaps }: ConformanceReport, type: string): string {
  if (checks[`types.${type}`] !== 'passed') return '';
  return gaps.some(({ what, of }) => what !== 'hook' && of.includes(type)) ? 'in part' : 'yes';
}

function gapText({ what, of, notApplicable, reason }: ReportedGap): string {
  const kind = what === 'hook' ? 'not tried' : what === 'type' ? 'types' : 'values of';
  return `- ${kind} ${of.join(', ')}${notApplicable === true ? ' (does not apply)' : ''}: ${reason}`;
}
