import { AnonymousCredential, StorageSharedKeyCredential } from '@azure/storage-blob';
import { expect, test } from 'vitest';
import { azureAccount } from './azure-account.js';
import type { AzureOptions } from './azure-options.js';
import { parseAzureUrl } from './azure-url.js';

const key = Buffer.from('the key').toString('base64');
const inAcme = 'abfss://lake@acme.dfs.core.windows.net/x';
const inChina = 'abfss://lake@acme.dfs.core.chinacloudapi.cn/x';
const chineseAcme = 'https://acme.blob.core.chinacloudapi.cn';
const acme = 'https://acme.blob.core.windows.net';
const connectionString = (account: string, suffix = 'core.windows.net'): string =>
  `DefaultEndpointsProtocol=https;AccountName=${account};AccountKey=${key};EndpointSuffix=${suffix}`;

interface Seen {
  readonly url: string;
  /** Whose key signs, or what else says who asks. */
  readonly by: string;
  readonly endpoint: string | undefined;
}

function seen(url: string, options: AzureOptions, environment: Readonly<Record<string, string>> = {}): Seen {
  const place = parseAzureUrl(url);
  if (place === undefined) throw new TypeError(url);
  const { url: service, credential, endpoint } = azureAccount(place, options, 'far', environment);
  if (credential instanceof StorageSharedKeyCredential) {
    return { url: service, by: credential.accountName, endpoint };
  }
  const by = credential instanceof AnonymousCredential ? 'nobody' : 'chain';
  return { url: service, by, endpoint };
}

const env = { AZURE_STORAGE_ACCOUNT: 'acme', AZURE_STORAGE_KEY: key };
const envToken = { AZURE_STORAGE_ACCOUNT: 'acme', AZURE_STORAGE_SAS_TOKEN: 'a=b' };
const local = 'http://127.0.0.1:10000/acme';

test.each<readonly [string, string, AzureOptions, Readonly<Record<string, string>>, Seen]>([
  ['the default chain', inAcme, {}, {}, { url: acme, by: 'chain', endpoint: undefined }],
  ['a key', inAcme, { accountKey: key }, {}, { url: acme, by: 'acme', endpoint: undefined }],
  [
    'a key and a name',
    'az://lake',
    { account: 'acme', accountKey: key },
    {},
    { url: acme, by: 'acme', endpoint: undefined },
  ],
  ['a token', inAcme, { sasToken: '?a=b' }, {}, { url: `${acme}?a=b`, by: 'nobody', endpoint: undefined }],
  ['nobody', inAcme, { anonymous: true }, env, { url: acme, by: 'nobody', endpoint: undefined }],
  [
    'an endpoint',
    'az://lake',
    { account: 'acme', accountKey: key, endpoint: `${local}/` },
    {},
    { url: local, by: 'acme', endpoint: `${local}/` },
  ],
  [
    'a connection string',
    'az://lake',
    { connectionString: connectionString('acme') },
    {},
    { url: `${acme}/`, by: 'acme', endpoint: undefined },
  ],
  [
    "the emulator's",
    'az://lake',
    { connectionString: 'UseDevelopmentStorage=true' },
    {},
    {
      url: 'http://127.0.0.1:10000/devstoreaccount1',
      by: 'devstoreaccount1',
      endpoint: 'http://127.0.0.1:10000/devstoreaccount1',
    },
  ],
  ["the environment's key", 'az://lake', {}, env, { url: acme, by: 'acme', endpoint: undefined }],
  ["the environment's key and the URL", inAcme, {}, env, { url: acme, by: 'acme', endpoint: undefined }],
  [
    "the environment's name and an own key",
    'az://lake',
    { accountKey: key },
    { AZURE_STORAGE_ACCOUNT: 'acme' },
    { url: acme, by: 'acme', endpoint: undefined },
  ],
  [
    "another account than the environment's",
    inAcme,
    {},
    { ...env, AZURE_STORAGE_ACCOUNT: 'other', AZURE_STORAGE_CONNECTION_STRING: connectionString('other') },
    { url: acme, by: 'chain', endpoint: undefined },
  ],
  [
    "the environment's connection string before its key",
    'az://lake',
    {},
    { ...env, AZURE_STORAGE_CONNECTION_STRING: connectionString('other') },
    { url: 'https://other.blob.core.windows.net/', by: 'other', endpoint: undefined },
  ],
  [
    "the environment's token, an empty key being none",
    inAcme,
    {},
    { AZURE_STORAGE_ACCOUNT: 'acme', AZURE_STORAGE_KEY: '', AZURE_STORAGE_SAS_TOKEN: 'a=b' },
    { url: `${acme}?a=b`, by: 'nobody', endpoint: undefined },
  ],
  [
    "an account of another cloud than the environment's token",
    inChina,
    {},
    envToken,
    { url: chineseAcme, by: 'chain', endpoint: undefined },
  ],
  [
    "an account of another cloud than the environment's key and connection string",
    inChina,
    {},
    { ...env, AZURE_STORAGE_CONNECTION_STRING: connectionString('acme') },
    { url: chineseAcme, by: 'chain', endpoint: undefined },
  ],
  [
    'an account of the cloud that the environment names',
    inChina,
    {},
    { ...envToken, AZURE_STORAGE_SERVICE_ENDPOINT: `${chineseAcme}/` },
    { url: `${chineseAcme}?a=b`, by: 'nobody', endpoint: undefined },
  ],
  [
    "the environment's token at an own endpoint, whatever the URL",
    inChina,
    { endpoint: 'https://acme.example.com' },
    envToken,
    { url: 'https://acme.example.com?a=b', by: 'nobody', endpoint: 'https://acme.example.com' },
  ],
  [
    'a connection string and its URL',
    inChina,
    { connectionString: connectionString('acme', 'core.chinacloudapi.cn') },
    {},
    { url: `${chineseAcme}/`, by: 'acme', endpoint: chineseAcme },
  ],
  [
    "the environment's token, but an own key",
    inAcme,
    { accountKey: key },
    { AZURE_STORAGE_SAS_TOKEN: 'a=b' },
    { url: acme, by: 'acme', endpoint: undefined },
  ],
])('%s', (_, url, options, environment, expected) => {
  expect(seen(url, options, environment)).toEqual(expected);
});

test.each<readonly [string, string, AzureOptions, RegExp, Readonly<Record<string, string>>]>([
  ['no account', 'az://lake', {}, /no storage account/, {}],
  ['two accounts', inAcme, { account: 'other' }, /azure\.account is other, and the URL names acme/, {}],
  [
    'a string of another account',
    inAcme,
    { connectionString: connectionString('other') },
    /of the account other/,
    {},
  ],
  [
    'a string of another cloud',
    inChina,
    { connectionString: connectionString('acme') },
    /is of https:\/\/acme\.blob\.core\.windows\.net, and the URL names https:\/\/acme\.blob\.core\.chinacloudapi\.cn/,
    {},
  ],
  ['no connection string', 'az://lake', { connectionString: 'AccountKey=hunter2' }, /is not valid/, {}],
  ['a key of nobody', 'az://lake', { accountKey: key, endpoint: local }, /needs azure\.account/, {}],
  ['a token without TLS', 'az://lake', { endpoint: local }, /without TLS/, {}],
  [
    'a token of the environment that is of no account',
    inAcme,
    {},
    /AZURE_STORAGE_SAS_TOKEN does not say which account it is of/,
    { AZURE_STORAGE_SAS_TOKEN: 'sig=hunter2' },
  ],
])('%s is refused', (_, url, options, message, environment) => {
  const error: unknown = (() => {
    try {
      return seen(url, options, environment);
    } catch (reason) {
      return reason;
    }
  })();
  expect(error).toMatchObject({ code: 'CONFIG.INVALID', message: expect.stringMatching(message) });
  expect(String(error)).not.toContain('hunter2');
});
