export interface UrlParts {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly database?: string | undefined;
  readonly sslMode?: string | undefined;
  readonly applicationName?: string | undefined;
}

const knownParameters: ReadonlySet<string> = new Set([
  'sslmode',
  'application_name',
  'host',
  'user',
  'password',
]);

/**
 * Parts of a connection URI (PostgreSQL documentation, 32.1.1.2). The text itself never gets into a message: it holds
 * the password.
 */
export function parseConnectionUrl(text: string): UrlParts | { readonly issue: string } {
  if (!URL.canParse(text)) return { issue: 'is not a URL like postgres://user:password@host:5432/database' };
  const url = new URL(text);
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    return { issue: 'must begin with postgres:// or postgresql://' };
  }
  const unknown = [...url.searchParams.keys()].find((name) => !knownParameters.has(name));
  if (unknown !== undefined) {
    return { issue: `has the unknown parameter ${unknown}; known are ${[...knownParameters].join(', ')}` };
  }
  try {
    const parameter = (name: string): string | undefined => url.searchParams.get(name) ?? undefined;
    return {
      host: parameter('host') ?? filled(decodeURIComponent(url.hostname.replace(/^\[(.*)\]$/, '$1'))),
      port: url.port === '' ? undefined : Number(url.port),
      user: parameter('user') ?? filled(decodeURIComponent(url.username)),
      password: parameter('password') ?? filled(decodeURIComponent(url.password)),
      database: filled(decodeURIComponent(url.pathname.slice(1))),
      sslMode: parameter('sslmode'),
      applicationName: parameter('application_name'),
    };
  } catch {
    return { issue: 'has a malformed percent escape' };
  }
}

function filled(text: string): string | undefined {
  return text === '' ? undefined : text;
}
