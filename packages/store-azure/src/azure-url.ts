import { percentDecoded } from '@tributary/lake';

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

/** Azure's own clouds, OneLake among them: only to hosts in these are tokens sent because a URL names them. */
const clouds: ReadonlySet<string> = new Set([
  'core.windows.net',
  'core.chinacloudapi.cn',
  'core.usgovcloudapi.net',
  'storage.azure.net',
  'fabric.microsoft.com',
]);

const form = /^(azure|az|abfss?|wasbs?|https):\/\/(?:([^/@?#]+)@)?([^/@?#]+)(?:\/([^?]*?))?\/*$/is;

/**
 * The container and prefix of `azure://container/prefix` and of the other forms that Azure's tools have; undefined for anything
 * else, and for a URL with a query, which would be a SAS token.
 *
 * - `az://container/prefix`
 * - `abfss://container@account.dfs.core.windows.net/prefix`
 * - `https://account.blob.core.windows.net/container/prefix`, percent-encoded
 */
export function parseAzureUrl(url: string): AzurePlace | undefined {
  const place = placeOf(url);
  if (place === undefined || /^wasb/i.test(url)) return undefined;
  if (!/^https:/i.test(url)) return place;
  try {
    return { ...place, prefix: decodeURIComponent(place.prefix) };
  } catch {
    return undefined;
  }
}

/** A container, and who it belongs to. */
export interface AzureHome {
  /** Origin of its Blob service. */
  readonly service: string;
  /** Undefined where nobody has said it. */
  readonly account: string | undefined;
  readonly container: string;
}

/** The key of the blob that a percent-encoded URI of any form names; undefined for blobs of other containers and accounts. */
export function keyOfUri(uri: string, home: AzureHome): string | undefined {
  const place = placeOf(uri);
  if (place === undefined || place.container !== home.container) return undefined;
  // An account of that name in another cloud is another one; but what an endpoint is called says nothing.
  const isOwn =
    place.service === undefined ||
    place.service === home.service ||
    (serviceOf(new URL(home.service).host) === undefined && place.account === home.account);
  return isOwn ? percentDecoded(place.prefix) : undefined;
}

/** The prefix as it stands in the URL. */
function placeOf(url: string): AzurePlace | undefined {
  const parts = form.exec(url);
  if (parts === null) return undefined;
  const [, scheme = '', user, host = '', path = ''] = parts;
  const service = serviceOf(host);
  if (service === undefined) {
    // Names of containers have no dots, as hosts of accounts have.
    const isContainer = scheme.toLowerCase() !== 'https' && user === undefined && !host.includes('.');
    return isContainer
      ? { account: undefined, service: undefined, container: host, prefix: path }
      : undefined;
  }
  const [first = '', ...rest] = path.split('/');
  const [container, prefix] = user === undefined ? [first, rest.join('/')] : [user, path];
  return container === '' ? undefined : { ...service, container, prefix };
}

/** Of `account.blob.core.windows.net`, and of its twin for Data Lake Storage, `account.dfs.core.windows.net`. */
function serviceOf(host: string): Pick<AzurePlace, 'account' | 'service'> | undefined {
  // With capital letters and the default port it is the same host (RFC 3986, 6.2.2.1 and 6.2.3).
  const usual = host.toLowerCase().replace(/:443$/, '');
  const parts = /^([a-z0-9-]+)((?:\.[a-z0-9-]+)*?)\.(?:blob|dfs)\.([a-z0-9.-]+)$/.exec(usual);
  const [, account = '', zone = '', cloud = ''] = parts ?? [];
  if (!clouds.has(cloud)) return undefined;
  return { account, service: `https://${account}${zone}.blob.${cloud}` };
}
