import type { Case, Section } from './section.js';

/** A section as Markdown: a row per case, figures first, then the ratios with whether their goals are met. */
export function sectionMarkdown({ title, about, cases, notes = [] }: Section): string {
  const figures = columnsOf(cases, (each) => each.figures.map(([name]) => name));
  const goals = columnsOf(cases, (each) => each.goals.map(({ name, wanted }) => `${name} (${wanted})`));
  const header = ['', ...figures, ...goals];
  const rows = cases.map((each) => [
    each.name,
    ...figures.map((name) => each.figures.find((figure) => figure[0] === name)?.[1] ?? ''),
    ...goals.map((column) => goalCell(each, column)),
  ]);
  const table = [header, header.map((_, i) => (i === 0 ? '---' : '---:')), ...rows];
  const lines = table.map((cells) => `| ${cells.join(' | ')} |`);
  return [`## ${title}`, '', about, '', ...lines, ...notes.flatMap((note) => ['', note]), ''].join('\n');
}

function goalCell(each: Case, column: string): string {
  const goal = each.goals.find(({ name, wanted }) => `${name} (${wanted})` === column);
  if (goal === undefined) return '';
  return goal.met ? `${goal.value} ✓` : `**${goal.value} ✗**`;
}

function columnsOf(cases: readonly Case[], names: (each: Case) => readonly string[]): readonly string[] {
  return [...new Set(cases.flatMap(names))];
}
