import { expect, test } from 'vitest';
import { azure, createAzureSource } from './index.js';

async function issuesOf(options: object): Promise<readonly string[]> {
  const { issues = [] } = await azure.configSchema['~standard'].validate(options);
  return issues.map(({ message }) => message);
}

test('a root is a URL of a container, without a token in it', async () => {
  expect(await issuesOf({ root: 'abfss://lake@acme.dfs.core.windows.net/x', freshnessMs: 1 })).toEqual([]);
  expect(await issuesOf({ root: './data' })).toEqual(['not of the form azure://container/prefix']);
  const withToken = 'https://acme.blob.core.windows.net/lake?sv=2026&sig=hunter2';
  expect(await issuesOf({ root: withToken })).toEqual(['has a query; a SAS token is azure.sasToken']);
  expect(() => createAzureSource('far', { root: withToken })).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
  );
});

test('what is secret is said to be', () => {
  const secrets = Object.entries(azure.fields ?? {}).filter(([, { secret }]) => secret === true);
  expect(secrets.map(([name]) => name)).toEqual([
    'azure.accountKey',
    'azure.sasToken',
    'azure.connectionString',
  ]);
});
