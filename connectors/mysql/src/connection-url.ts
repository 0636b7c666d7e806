export interface UrlParts {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly database?: string | undefined;
  readonly socketPath?: string | undefined;
  readonly sslMode?: string | undefined;
}

/** `ssl-mode` as MySQL's own clients call it, `sslmode` as everybody else does. */
const knownParameters: ReadonlySet<string> = new Set(['ssl-mode', 'sslmode', 'socket']);

const protocols: ReadonlySet<string> = new Set(['mysql:', 'mariadb:']);

/** Parts of a connection URL. The text itself never gets into a message: it holds the password. */
export function parseConnectionUrl(text: string): UrlParts | { readonly issue: string } {
  if (!URL.canParse(text)) return { issue: 'is not a URL like mysql://user:password@host:3306/database' };
  const url = new URL(text);
  if (!protocols.has(url.protocol)) return { issue: 'must begin with mysql:// or mariadb://' };
  const unknown = [...url.searchParams.keys()].find((name) => !knownParameters.has(name));
  if (unknown !== undefined) {
    return { issue: `has the unknown parameter ${unknown}; known are ${[...knownParameters].join(', ')}` };
  }
  try {
    const parameter = (name: string): string | undefined => url.searchParams.get(name) ?? undefined;
    return {
      host: filled(decodeURIComponent(url.hostname.replace(/^\[(.*)\]$/, '$1'))),
      port: url.port === '' ? undefined : Number(url.port),
      user: filled(decodeURIComponent(url.username)),
      password: filled(decodeURIComponent(url.password)),
      database: filled(decodeURIComponent(url.pathname.slice(1))),
      socketPath: parameter('socket'),
      sslMode: (parameter('ssl-mode') ?? parameter('sslmode'))?.toLowerCase().replaceAll('_', '-'),
    };
  } catch {
    return { issue: 'has a malformed percent escape' };
  }
}

function filled(text: string): string | undefined {
  return text === '' ? undefined : text;
}
