import { describe, expect, test } from 'vitest';
import { createPostgresSource } from './connector.js';
import { optionsSchema } from './options.js';

function parsed(options: unknown): ReturnType<typeof optionsSchema.parse> {
  return optionsSchema.parse(options);
}

describe('options', () => {
  test('a URL, with escapes', () => {
    expect(
      parsed({ url: 'postgres://us%40er:p%2Fw@db.example:6543/sh%20op?sslmode=verify-full' }).server,
    ).toEqual({
      host: 'db.example',
      port: 6543,
      user: 'us@er',
      password: 'p/w',
      database: 'sh op',
      ssl: { mode: 'verify-full' },
    });
  });

  test('single options go over the URL; the database defaults to the user', () => {
    const { server } = parsed({
      url: 'postgresql://a:b@h/d',
      user: 'other',
      port: 1234,
      ssl: { mode: 'disable' },
    });
    expect(server).toMatchObject({
      host: 'h',
      port: 1234,
      user: 'other',
      password: 'b',
      database: 'd',
      ssl: { mode: 'disable' },
    });
    expect(parsed({ user: 'me' }).server).toMatchObject({
      host: 'localhost',
      port: 5432,
      database: 'me',
      ssl: { mode: 'prefer' },
    });
  });

  test('sockets and IPv6', () => {
    expect(parsed({ url: 'postgres:///shop?host=/var/run/postgresql' }).server).toMatchObject({
      host: '/var/run/postgresql',
      database: 'shop',
    });
    expect(parsed({ url: 'postgres://[::1]:5433/shop' }).server).toMatchObject({ host: '::1', port: 5433 });
  });

  test.each([
    [{ url: 'mysql://a/b' }, /postgres:\/\//],
    [{ url: 'nonsense' }, /is not a URL/],
    [{ url: 'postgres://h/d?sslmode=perhaps' }, /sslmode must be one of/],
    [{ url: 'postgres://h/d?target_session_attrs=any' }, /unknown parameter target_session_attrs/],
    [{ url: 'postgres://%zz@h/d' }, /URL|percent/],
    [{ port: 0 }, /port/],
    [{ poolSize: 1 }, /poolSize/],
    [{ pool: 4 }, /pool/],
    [{ unconstrainedNumeric: 'float' }, /unconstrainedNumeric/],
  ])('%j is refused', (options, message) => {
    const result = optionsSchema.safeParse(options);
    expect(result.success).toBe(false);
    expect(JSON.stringify(result.error?.issues)).toMatch(message);
  });

  test('an error does not repeat the URL, which holds the password', () => {
    const make = (): unknown => createPostgresSource('pg', { url: 'postgres://u:topsecret@h/d?nope=1' });
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG.INVALID' }));
    expect(make).toThrow(/pg\.url/);
    expect(make).not.toThrow(/topsecret/);
  });

  test('info needs no server and holds no password', async () => {
    const source = createPostgresSource('pg', { url: 'postgres://u:topsecret@h:1/d' });
    expect(source.getInfo().computeContext).toBe('postgres://u@h:1/d');
    await source.close();
  });
});

test('a path where the text of a certificate belongs is refused', () => {
  const { error } = optionsSchema.safeParse({ ssl: { mode: 'verify-full', ca: '/etc/ca.pem' } });
  expect(error?.issues).toMatchObject([{ path: ['ssl', 'ca'] }]);
  expect(error?.issues[0]?.message).toContain('must be PEM text');
});
