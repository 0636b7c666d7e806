import { expect, test } from 'vitest';
import { lakeFields } from './option-fields.js';
import { lakeOptions } from './options.js';

test('every option has a field, and every field is an option', () => {
  expect(Object.keys(lakeFields).toSorted()).toEqual(Object.keys(lakeOptions.shape).toSorted());
});
