export interface UrlParts {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly database?: string | undefined;
  readonly tls?: boolean;
}

/** Parts of a URL of the HTTP interface. The text itself never gets into a message: it holds the password. */
export function parseServerUrl(text: string): UrlParts | { readonly issue: string } {
  if (!URL.canParse(text)) return { issue: 'is not a URL like http://user:password@host:8123/database' };
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { issue: 'must begin with http:// or https://' };
  if (url.search !== '') return { issue: 'must not have parameters: settings are an option of their own' };
  try {
    return {
      host: filled(url.hostname),
      port: url.port === '' ? undefined : Number(url.port),
      user: filled(decodeURIComponent(url.username)),
      password: filled(decodeURIComponent(url.password)),
      database: filled(decodeURIComponent(url.pathname.slice(1))),
      tls: url.protocol === 'https:',
    };
  } catch {
    return { issue: 'has a malformed percent escape' };
  }
}

function filled(text: string): string | undefined {
  return text === '' ? undefined : text;
}
