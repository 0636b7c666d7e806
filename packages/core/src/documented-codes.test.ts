import { readFileSync } from 'node:fs';
import { errorCodes, renderReasonCodes } from '@tributary/contract';
import { expect, test } from 'vitest';
import { planReasonCodes } from './split/reason-codes.js';

/** The cells of every table row of a page (or of its section of that heading) that begins with a code. */
function documented(page: string, heading = ''): readonly (readonly string[])[] {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');
  const section =
    heading === '' ? text : (text.split(/^## /m).find((part) => part.startsWith(heading)) ?? '');
  return [...section.matchAll(/^\| `([A-Z_.]+)` *\|(.*)\|$/gm)].map(([, code = '', rest = '']) => [
    code,
    ...rest.split('|').map((cell) => cell.trim()),
  ]);
}

test('the error page says of every code what the registry says, and of nothing else', () => {
  const registered = Object.entries(errorCodes).map(([code, { why, fix, retryable }]) => [
    code,
    why,
    fix,
    retryable ? 'yes' : 'no',
  ]);
  expect(documented('errors.md').toSorted()).toEqual(registered.toSorted());
});

test.each([
  ['From the planner', planReasonCodes],
  ['From a dialect', renderReasonCodes],
])('the section %j has the reason codes of the code, and no others', (heading, codes) => {
  expect(documented('reason-codes.md', heading).toSorted()).toEqual(Object.entries(codes).toSorted());
});
