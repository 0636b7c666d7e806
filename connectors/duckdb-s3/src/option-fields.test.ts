import { expect, test } from 'vitest';
import { lakeFields } from './option-fields.js';
import { lakeOptions } from './options.js';

test('every option has a field, and every field is an option', () => {
  const fields = new Set(Object.keys(lakeFields).map((key) => key.split('.')[0]));
  expect([...fields].toSorted()).toEqual(Object.keys(lakeOptions.shape).toSorted());
});
