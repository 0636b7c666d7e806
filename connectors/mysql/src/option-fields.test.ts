import { expect, test } from 'vitest';
import { optionFields } from './option-fields.js';
import { optionsSchema, writtenOptions } from './options.js';

test('every option has a field, and every field is an option', () => {
  const top = Object.keys(optionFields).filter((path) => !path.includes('.'));
  expect(top.toSorted()).toEqual(Object.keys(writtenOptions.shape).toSorted());
});

test('the defaults are what the schema fills in', () => {
  const { server, ...options } = optionsSchema.parse({});
  const filled: Readonly<Record<string, unknown>> = { ...server, ...options, 'ssl.mode': server.ssl.mode };
  const defaults = Object.entries(optionFields).filter(([, field]) => field.default !== undefined);
  expect(defaults.map(([path, field]) => [path, field.default])).toEqual(
    defaults.map(([path]) => [path, filled[path]]),
  );
});
