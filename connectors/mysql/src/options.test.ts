import { expect, test } from 'vitest';
import { optionsSchema } from './options.js';

function issuesOf(options: unknown): readonly string[] {
  const parsed = optionsSchema.safeParse(options);
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
}

test('a URL is taken apart, and single options go over its parts', () => {
  const { server } = optionsSchema.parse({
    url: 'mysql://re%40der:p%2Fw@db.example:3307/shop?ssl-mode=VERIFY_IDENTITY',
    port: 3308,
  });
  expect(server).toEqual({
    host: 'db.example',
    port: 3308,
    socketPath: undefined,
    user: 're@der',
    password: 'p/w',
    database: 'shop',
    ssl: { mode: 'verify-full' },
  });
});

test('a socket in the URL', () => {
  const { server } = optionsSchema.parse({ url: 'mariadb://root@localhost?socket=/run/mysqld/mysqld.sock' });
  expect(server.socketPath).toBe('/run/mysqld/mysqld.sock');
});

test('nothing given is a server on this machine', () => {
  const { server, ...rest } = optionsSchema.parse({});
  expect(server).toMatchObject({ host: 'localhost', port: 3306, user: 'root', ssl: { mode: 'prefer' } });
  expect(rest).toMatchObject({ product: 'auto', zeroDates: 'error', tinyint1AsBoolean: false, poolSize: 8 });
});

test.each([
  [{ url: 'postgres://x' }, /mysql:\/\/ or mariadb:\/\//],
  [{ url: 'mysql://u:secret@h/?compress=1' }, /unknown parameter compress/],
  [{ url: 'mysql://u:secret@h/?ssl-mode=maybe' }, /ssl-mode must be one of/],
  [{ url: 'mysql://u:secret%@h' }, /percent escape|not a URL/],
  [{ poolSize: 1 }, />=2/],
  [{ hots: 'x' }, /hots/],
])('%j is refused, without the password', (options, message) => {
  const issues = issuesOf(options).join('; ');
  expect(issues).toMatch(message);
  expect(issues).not.toContain('secret');
});

test('a path where the text of a certificate belongs is refused', () => {
  const { error } = optionsSchema.safeParse({ ssl: { mode: 'verify-full', ca: '/etc/ca.pem' } });
  expect(error?.issues).toMatchObject([{ path: ['ssl', 'ca'] }]);
  expect(error?.issues[0]?.message).toContain('must be PEM text');
});
