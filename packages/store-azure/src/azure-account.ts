import { TributaryError } from '@tributary/connector-sdk';
import { AnonymousCredential, BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import type { TokenCredential } from '@azure/identity';
import type { AzureOptions } from './azure-options.js';
import type { AzurePlace } from './azure-url.js';

/** The Blob service of an account, and how requests to it are signed. */
export interface AzureAccount {
  /** With the SAS token, where there is one: not to be shown. */
  readonly url: string;
  readonly credential: StorageSharedKeyCredential | AnonymousCredential | TokenCredential;
  /** URL without secrets, where it is not Azure's own. */
  readonly endpoint: string | undefined;
  /** Its name, where that is known. */
  readonly account: string | undefined;
}

/** Variables as the Azure CLI has them: https://learn.microsoft.com/cli/azure/azure-cli-configuration */
type Environment = Readonly<Record<string, string | undefined>>;

type Credentials = Pick<AzureOptions, 'accountKey' | 'sasToken' | 'connectionString' | 'anonymous'>;

/**
 * Who asks which service. Options come before the environment, and the environment speaks for its own account only: its key is not for
 * another one that the URL names, nor for one of that name in another cloud. Without either, Azure's default chain looks: environment, workload and managed identity, tools.
 *
 * @throws TributaryError CONFIG.INVALID
 */
export function azureAccount(
  place: AzurePlace,
  options: AzureOptions,
  sourceId: string,
  environment: Environment = process.env,
): AzureAccount {
  const invalid = (message: string): TributaryError =>
    new TributaryError('CONFIG.INVALID', { message: `${sourceId}: ${message}.`, sourceId });

  const { account: named = place.account } = options;
  if (place.account !== undefined && named !== place.account) {
    throw invalid(`azure.account is ${named}, and the URL names ${place.account}`);
  }
  const found = hasCredentials(options)
    ? options
    : environmentCredentials(environment, { ...place, account: named }, options);
  if (found === 'unnamed') {
    throw invalid(
      'AZURE_STORAGE_SAS_TOKEN does not say which account it is of: name that one in AZURE_STORAGE_ACCOUNT, or give azure.sasToken',
    );
  }
  if (found.connectionString !== undefined) {
    const known = connected(found.connectionString);
    if (known === undefined) throw invalid('the connection string of the storage account is not valid');
    if (named !== undefined && named !== known.account) {
      throw invalid(`the connection string is of the account ${known.account}, and the URL names ${named}`);
    }
    const { origin } = new URL(known.url);
    if (place.service === undefined || place.service === origin) return known;
    throw invalid(`the connection string is of ${origin}, and the URL names ${place.service}`);
  }
  const account = named ?? set(environment['AZURE_STORAGE_ACCOUNT']);
  const service =
    options.endpoint?.replace(/\/+$/, '') ??
    place.service ??
    (account === undefined ? undefined : `https://${account}.blob.core.windows.net`);
  if (service === undefined) {
    throw invalid('no storage account: name it in the URL, in azure.account or in AZURE_STORAGE_ACCOUNT');
  }
  const shared = { url: service, endpoint: options.endpoint, account };
  if (found.accountKey !== undefined) {
    if (account === undefined) throw invalid('azure.accountKey needs azure.account');
    return { ...shared, credential: new StorageSharedKeyCredential(account, found.accountKey) };
  }
  if (found.sasToken !== undefined) {
    const url = `${service}?${found.sasToken.replace(/^\?/, '')}`;
    return { ...shared, url, credential: new AnonymousCredential() };
  }
  if (found.anonymous === true) return { ...shared, credential: new AnonymousCredential() };
  if (service.startsWith('https:')) return { ...shared, credential: defaultChain() };
  throw invalid(
    'an endpoint without TLS gets no token: give azure.accountKey, azure.sasToken or azure.anonymous',
  );
}

function hasCredentials({ accountKey, sasToken, connectionString, anonymous }: AzureOptions): boolean {
  return (accountKey ?? sasToken ?? connectionString) !== undefined || anonymous === true;
}

/** `unnamed` is a token of nobody knows whose account: it must not be sent to just any that a URL names. */
function environmentCredentials(
  environment: Environment,
  { account: named, service }: Pick<AzurePlace, 'account' | 'service'>,
  { endpoint }: AzureOptions,
): Credentials | 'unnamed' {
  const connectionString = set(environment['AZURE_STORAGE_CONNECTION_STRING']);
  if (connectionString !== undefined && endpoint === undefined) {
    const known = connected(connectionString);
    const isOfUrl = service === undefined || (known !== undefined && service === new URL(known.url).origin);
    if (isOfUrl && (named === undefined || named === known?.account)) return { connectionString };
  }
  const account = set(environment['AZURE_STORAGE_ACCOUNT']);
  if (named !== undefined && account !== undefined && named !== account) return {};
  const home = set(environment['AZURE_STORAGE_SERVICE_ENDPOINT']) ?? `https://${named}.blob.core.windows.net`;
  const isElsewhere = endpoint === undefined && service !== undefined && service !== home.replace(/\/+$/, '');
  if (isElsewhere) return {};
  const accountKey = set(environment['AZURE_STORAGE_KEY']);
  if (accountKey !== undefined) return { accountKey };
  const sasToken = set(environment['AZURE_STORAGE_SAS_TOKEN']);
  if (sasToken === undefined) return {};
  return account === undefined ? 'unnamed' : { sasToken };
}

/** Undefined when the text is no connection string. */
function connected(text: string): AzureAccount | undefined {
  try {
    const { url, credential, accountName } = BlobServiceClient.fromConnectionString(text);
    const { origin, pathname, hostname } = new URL(url);
    const isAzure = hostname === `${accountName}.blob.core.windows.net`;
    const endpoint = isAzure ? undefined : `${origin}${pathname}`.replace(/\/$/, '');
    return { url, credential, endpoint, account: accountName };
  } catch {
    return undefined;
  }
}

/** The SDK of identities is large, and most have a key or a SAS token. */
function defaultChain(): TokenCredential {
  let chain: Promise<TokenCredential> | undefined;
  return {
    getToken: async (scopes, options) => {
      chain ??= import('@azure/identity').then(({ DefaultAzureCredential }) => new DefaultAzureCredential());
      return (await chain).getToken(scopes, options);
    },
  };
}

function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
