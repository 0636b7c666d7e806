import { readFileSync } from 'node:fs';
import { errorCodes, renderReasonCodes } from '@tributary/contract';
import { expect, test } from 'vitest';
import { planReasonCodes } from './split/reason-codes.js';

function documented(page: string): { readonly codes: readonly string[]; readonly text: string } {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');
  return { codes: [...text.matchAll(/^\| `([A-Z_.]+)` \|/gm)].map((match) => match[1] ?? ''), text };
}

test('every error code is documented, and every documented one exists', () => {
  expect(documented('errors.md').codes.toSorted()).toEqual(Object.keys(errorCodes).toSorted());
});

test('the page says of each code what the registry says', () => {
  const { text } = documented('errors.md');
  for (const [code, { why, fix, retryable }] of Object.entries(errorCodes)) {
    expect(text).toContain(`| \`${code}\` | ${why} | ${fix} | ${retryable ? 'yes' : 'no'} |`);
  }
});

test('every reason code of the planner and of dialects is documented', () => {
  const { codes } = documented('reason-codes.md');
  expect(codes).toEqual(
    expect.arrayContaining([...Object.keys(planReasonCodes), ...Object.keys(renderReasonCodes)]),
  );
});
