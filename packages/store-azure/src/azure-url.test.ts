import { expect, test } from 'vitest';
import { parseAzureUrl } from './azure-url.js';

const unnamed = { account: undefined, service: undefined };
const named = { account: 'acme', service: 'https://acme.blob.core.windows.net' };

test.each([
  ['azure://lake', { ...unnamed, container: 'lake', prefix: '' }],
  ['azure://lake/', { ...unnamed, container: 'lake', prefix: '' }],
  ['az://lake/a/b/', { ...unnamed, container: 'lake', prefix: 'a/b' }],
  ['az://lake/a%20b', { ...unnamed, container: 'lake', prefix: 'a%20b' }],
  ['az://acme.blob.core.windows.net/lake/a', { ...named, container: 'lake', prefix: 'a' }],
  ['abfss://lake@acme.dfs.core.windows.net/a b/c', { ...named, container: 'lake', prefix: 'a b/c' }],
  ['abfss://lake@acme.dfs.core.windows.net', { ...named, container: 'lake', prefix: '' }],
  ['https://acme.blob.core.windows.net/lake/a%20b', { ...named, container: 'lake', prefix: 'a b' }],
  ['HTTPS://Acme.Blob.core.windows.net:443/lake/A%20b', { ...named, container: 'lake', prefix: 'A b' }],
  ['WASBS://lake@acme.blob.core.windows.net/x', undefined],
  [
    'https://acme.blob.core.chinacloudapi.cn/$web',
    {
      account: 'acme',
      service: 'https://acme.blob.core.chinacloudapi.cn',
      container: '$web',
      prefix: '',
    },
  ],
  [
    'abfss://w@acme.z27.dfs.storage.azure.net/x',
    { account: 'acme', service: 'https://acme.z27.blob.storage.azure.net', container: 'w', prefix: 'x' },
  ],
  ['https://acme.blob.core.windows.net', undefined],
  ['https://acme.blob.core.windows.net/lake/%', undefined],
  ['https://acme.blob.core.windows.net/lake?sv=2026&sig=abc', undefined],
  ['azure://lake?sig=abc', undefined],
  // Tokens go to whom a URL names: not every host that looks like Azure's is.
  ['abfss://lake@acme.blob.example.com/x', undefined],
  ['https://acme.blob.core.windows.net.example.com/lake', undefined],
  [
    'abfss://lake@onelake.dfs.fabric.microsoft.com/x',
    {
      account: 'onelake',
      service: 'https://onelake.blob.fabric.microsoft.com',
      container: 'lake',
      prefix: 'x',
    },
  ],
  [
    'abfss://lake@acme.privatelink.dfs.core.usgovcloudapi.net/x',
    {
      account: 'acme',
      service: 'https://acme.privatelink.blob.core.usgovcloudapi.net',
      container: 'lake',
      prefix: 'x',
    },
  ],
  ['https://example.com/lake', undefined],
  ['https://lake/a', undefined],
  ['http://acme.blob.core.windows.net/lake', undefined],
  ['az://lake@other/a', undefined],
  ['azure://', undefined],
  ['s3://lake', undefined],
  ['/folder', undefined],
])('%s', (url, expected) => {
  expect(parseAzureUrl(url)).toEqual(expected);
});
