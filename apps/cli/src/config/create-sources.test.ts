import {
  type Connector,
  type IFederatedDataSource,
  TributaryError,
  defineConnector,
} from '@tributary/contract';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { formatError } from '../errors/format-error.js';
import { colorsFor } from '../terminal/colors.js';
import type { LoadedConfig } from './config-types.js';
import { createSources } from './create-sources.js';
import { checkConfig } from './load-config.js';
import { readYaml } from './read-yaml.js';

const given: unknown[] = [];

const connector: Connector = defineConnector({
  name: 'api',
  sdkVersion: '^1.0',
  configSchema: z.strictObject({
    token: z.string().min(20, { error: (issue) => `is too short: ${String(issue.input)}` }),
    cache: z.string().optional(),
    tls: z.strictObject({ ca: z.string().optional(), key: z.string().optional() }).optional(),
  }),
  fields: {
    token: { description: 'API token.', secret: true, env: 'API_TOKEN' },
    cache: { description: 'Folder for answers.', file: true },
    tls: { description: 'Encryption.' },
    'tls.ca': { description: 'Authorities.' },
    'tls.key': { description: 'Key.', secret: true },
  },
  create: (_, options): IFederatedDataSource => {
    given.push(options);
    throw new TributaryError('ENGINE.INTERNAL', { message: 'made' });
  },
});

function load(yaml: string): LoadedConfig {
  const config = checkConfig(readYaml('/app/tributary.yaml', yaml, {}));
  return { ...config, sources: config.sources.map((source) => ({ ...source, connector })) };
}

async function complaint(yaml: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  try {
    await createSources(load(yaml), env);
  } catch (error) {
    return formatError(error, colorsFor({ isTTY: false }, {}));
  }
  throw new Error('The configuration was accepted.');
}

const long = 'a-token-that-is-long-enough';

test('what the environment holds, and paths relative to the configuration', async () => {
  await complaint('sources: { shop: { connector: api, cache: tmp } }', { API_TOKEN: long });
  expect(given.pop()).toEqual({ token: long, cache: '/app/tmp' });
});

test('the configuration goes before the environment', async () => {
  const written = long.toUpperCase();
  await complaint(`sources: { shop: { connector: api, token: ${written} } }`, { API_TOKEN: long });
  expect(given.pop()).toEqual({ token: written });
});

test('an empty variable is not set', async () => {
  expect(await complaint('sources: { shop: { connector: api } }', { API_TOKEN: '' })).toContain(
    'sources.shop.token',
  );
});

test('a secret stands neither in the message nor in the line that is shown', async () => {
  const shown = await complaint('sources:\n  shop:\n    connector: api\n    token: hunter2\n');
  expect(shown).toContain('sources.shop.token: is too short: ***.');
  expect(shown).toContain('4 |     token: ***');
  expect(shown).not.toContain('hunter2');
});

test('a mistyped key gets the declared ones, also inside an option', async () => {
  expect(await complaint(`sources: { shop: { connector: api, tokn: ${long} } }`)).toContain(
    'Known: token, cache, tls.',
  );
  expect(await complaint(`sources: { shop: { connector: api, token: ${long}, tls: { kee: x } } }`)).toContain(
    'Known: ca, key.',
  );
});
