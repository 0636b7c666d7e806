import { machineText } from './machine.js';
import { sectionMarkdown } from './markdown.js';
import type { BenchmarkResult } from './results.js';

const intro = `# Benchmarks

\`\`\`
npm run bench -- --scale 1 --write
\`\`\`

The benchmarks write this page themselves, from the latest run of each. Contenders take turns in one process, a different one first
each round; figures are medians, and each ratio is one of the medians beside it. ✓ the goal is met, **✗** it is not.
PostgreSQL has its default settings but for 256 MB of shared buffers and no fsync; it, the peers and the engine share the
machine. Where the load average is far above the number of cores, others shared it too, and figures are only good beside each other.
`;

/** The page docs/benchmarks.md. */
export function documentMarkdown(results: readonly BenchmarkResult[]): string {
  return [intro, goalsMet(results), '', ...results.map(resultMarkdown)].join('\n');
}

function resultMarkdown({ day, scale, load, machine, section }: BenchmarkResult): string {
  const run = `${day}, scale factor ${scale}, ${machineText(machine)}, load average ${load.toFixed(1)} at the end`;
  return sectionMarkdown({ ...section, notes: [...(section.notes ?? []), `<sub>${run}</sub>`] });
}

function goalsMet(results: readonly BenchmarkResult[]): string {
  const goals = results.flatMap(({ section }) => section.cases.flatMap((each) => each.goals));
  return `${goals.filter((goal) => goal.met).length} of ${goals.length} goals are met.`;
}
