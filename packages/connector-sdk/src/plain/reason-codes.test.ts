import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { plainReasonCodes } from './reason-codes.js';

test('the documentation has the reason codes of plain sources, and no others', () => {
  const page = readFileSync(new URL('../../../../docs/reason-codes.md', import.meta.url), 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith('From plain sources')) ?? '';
  const documented = [...section.matchAll(/^\| `([A-Z_]+)` *\| (.*?) *\|$/gm)].map(([, code, why]) => [
    code,
    why,
  ]);
  expect(documented).toEqual(Object.entries(plainReasonCodes));
});
