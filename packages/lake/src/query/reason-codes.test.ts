import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lakeReasonCodes } from './reason-codes.js';

test('the documentation has the reason codes of this connector, and no others', () => {
  const page = readFileSync(new URL('../../../../docs/reason-codes.md', import.meta.url), 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith('From `@tributary/lake`')) ?? '';
  const documented = [...section.matchAll(/^\| `([A-Z_]+)` *\| (.*?) *\|$/gm)].map(([, code, why]) => [
    code,
    why,
  ]);
  expect(documented).toEqual(Object.entries(lakeReasonCodes));
});
