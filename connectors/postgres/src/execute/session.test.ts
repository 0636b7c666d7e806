import { expect, test } from 'vitest';
import { optionsSchema } from '../options.js';
import { tlsOptions } from './session.js';

test('a Unix socket needs no TLS, whatever the mode', () => {
  const { server } = optionsSchema.parse({ host: '/run/postgresql', ssl: { mode: 'verify-full' } });
  expect(tlsOptions(server, true)).toBe(false);
});
