import { expect, test } from 'vitest';
import { sectionMarkdown } from './markdown.js';
import { atLeast, atMost, msFigures } from './section.js';

test('a missed goal stands out, and a case without a goal leaves its cell empty', () => {
  const figures = msFigures(new Map([['ours', 12.345]]));
  const text = sectionMarkdown({
    title: 'T',
    about: 'A.',
    cases: [
      { name: 'one', figures, goals: [atLeast('speed', 0.5, 0.85), atMost('time', 1.1, 3)] },
      { name: 'two', figures, goals: [atLeast('speed', 123, 0.85)] },
    ],
    notes: ['N.'],
  });
  expect(text).toBe(
    [
      '## T',
      '',
      'A.',
      '',
      '|  | ours, ms | speed (at least 0.85) | time (at most 3) |',
      '| --- | ---: | ---: | ---: |',
      '| one | 12.3 | **0.50 ✗** | 1.10 ✓ |',
      '| two | 12.3 | 123 ✓ |  |',
      '',
      'N.',
      '',
    ].join('\n'),
  );
});
