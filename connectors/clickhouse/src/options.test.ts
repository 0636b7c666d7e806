import { expect, test } from 'vitest';
import { optionsSchema, type ClickhouseOptionsInput } from './options.js';

function server(options: ClickhouseOptionsInput): unknown {
  return optionsSchema.parse(options).server;
}

test('defaults', () => {
  expect(server({})).toEqual({
    host: 'localhost',
    port: 8123,
    user: 'default',
    password: '',
    database: 'default',
    tls: false,
  });
});

test('a URL, and options that go over its parts', () => {
  const url = 'https://re%40der:s%2Fcret@ch.example:9443/web';
  expect(server({ url })).toEqual({
    host: 'ch.example',
    port: 9443,
    user: 're@der',
    password: 's/cret',
    database: 'web',
    tls: {},
  });
  expect(server({ url, port: 1, database: 'other', tls: false })).toMatchObject({
    port: 1,
    database: 'other',
    tls: false,
  });
  expect(server({ url: 'https://ch.example' })).toMatchObject({ port: 8443 });
  expect(server({ host: 'h', tls: true })).toMatchObject({ port: 8443, tls: {} });
  const issues = optionsSchema.safeParse({ tls: { ca: '/etc/ca.pem' } }).error?.issues ?? [];
  expect(JSON.stringify(issues)).toContain('must be PEM text');
});

test.each([
  ['clickhouse://secret@h', 'must begin with http'],
  ['not a url', 'is not a URL'],
  ['http://u:secret@h/?max_threads=1', 'must not have parameters'],
  ['http://u:%zz@h/', 'malformed percent escape'],
])('%s', (url, message) => {
  const parsed = optionsSchema.safeParse({ url });
  expect(parsed.error?.issues.map((issue) => issue.message).join()).toContain(message);
  expect(JSON.stringify(parsed.error?.issues)).not.toContain('secret');
});

test('settings that would change answers are refused', () => {
  expect(optionsSchema.parse({ settings: { max_threads: 4, final: true } }).settings).toEqual({
    max_threads: 4,
    final: true,
  });
  const parsed = optionsSchema.safeParse({ settings: { join_use_nulls: 0 } });
  expect(parsed.error?.issues[0]).toMatchObject({ path: ['settings', 'join_use_nulls'] });
  expect(optionsSchema.safeParse({ hosts: 'x' }).success).toBe(false);
});
