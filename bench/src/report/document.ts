import { sectionMarkdown } from './markdown.js';
import type { Goal, Section } from './section.js';

export interface BenchmarkDocument {
  readonly command: string;
  readonly started: Date;
  readonly machine: readonly string[];
  readonly sections: readonly Section[];
}

/** The page docs/benchmarks.md. */
export function documentMarkdown({ command, started, machine, sections }: BenchmarkDocument): string {
  return [
    '# Benchmarks',
    '',
    'Written by the benchmarks themselves; do not edit.',
    '',
    '```',
    command,
    '```',
    '',
    `- ${started.toISOString().slice(0, 10)}`,
    ...machine,
    '- Medians of runs that take turns in one process. Each ratio is one of the medians beside it. ✓ the goal is met, **✗** it is not.',
    '',
    summary(sections),
    '',
    ...sections.map(sectionMarkdown),
  ].join('\n');
}

function summary(sections: readonly Section[]): string {
  const goals: readonly Goal[] = sections.flatMap(({ cases }) => cases.flatMap((each) => each.goals));
  const met = goals.filter((goal) => goal.met).length;
  return `${met} of ${goals.length} goals are met in this run.`;
}
