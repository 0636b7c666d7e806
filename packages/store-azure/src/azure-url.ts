/** What a URL says of a container. */
export interface AzurePlace {
  /** Undefined where the URL leaves it to the options. */
  readonly account: string | undefined;
  /** URL of the account's Blob service; undefined with `account`. */
  readonly service: string | undefined;
  readonly container: string;
  /** Without slashes around it. */
  readonly prefix: string;
}

const form = /^(azure|az|abfss?|https):\/\/(?:([^/@?#]+)@)?([^/@?#]+)(?:\/([^?]*?))?\/*$/s;

/**
 * The container and prefix of `azure://container/prefix` and of the other forms that Azure's tools have; undefined for anything
 * else, and for a URL with a query, which would be a SAS token.
 *
 * - `az://container/prefix`
 * - `abfss://container@account.dfs.core.windows.net/prefix`
 * - `https://account.blob.core.windows.net/container/prefix`, percent-encoded
 */
export function parseAzureUrl(url: string): AzurePlace | undefined {
  const parts = form.exec(url);
  if (parts === null) return undefined;
  const [, scheme = '', user, host = '', path = ''] = parts;
  const isWeb = scheme === 'https';
  const service = serviceOf(host);
  if (service === undefined) {
    // Names of containers have no dots, as hosts of accounts have.
    const isContainer = !isWeb && user === undefined && !host.includes('.');
    return isContainer
      ? { account: undefined, service: undefined, container: host, prefix: path }
      : undefined;
  }
  const [first = '', ...rest] = path.split('/');
  const [container, prefix] = user === undefined ? [first, rest.join('/')] : [user, path];
  if (container === '') return undefined;
  const decoded = isWeb ? percentDecoded(prefix) : prefix;
  return decoded === undefined ? undefined : { ...service, container, prefix: decoded };
}

/** Of `account.blob.core.windows.net`, and of its twin for Data Lake Storage, `account.dfs.core.windows.net`. */
function serviceOf(host: string): Pick<AzurePlace, 'account' | 'service'> | undefined {
  const parts = /^([a-z0-9-]+)((?:\.[a-z0-9-]+)*?)\.(?:blob|dfs)\.([a-z0-9.-]+)$/.exec(host);
  if (parts === null) return undefined;
  const [, account = '', zone = '', cloud = ''] = parts;
  return { account, service: `https://${account}${zone}.blob.${cloud}` };
}

function percentDecoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
