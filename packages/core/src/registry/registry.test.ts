import { type ConfigSchema, type Connector, defineConnector } from '@tributary/contract';
import { describe, expect, test } from 'vitest';
import { MemorySource } from '../../test/execute/memory-source.js';
import { createSourceFromConnector } from './connector.js';
import { splitDottedName } from './dotted-name.js';
import { InMemoryFederatedDataSourceRegistry } from './registry.js';

describe('registry', () => {
  const lake = new MemorySource('lake', {});
  const archive = new MemorySource('s3_archive', {});

  test('sources come and go', () => {
    const registry = new InMemoryFederatedDataSourceRegistry([lake]);
    registry.registerSource(archive);
    expect(registry.getAllSources()).toEqual([lake, archive]);
    expect(registry.getSource('s3_archive')).toBe(archive);
    expect(registry.unregisterSource('lake')).toBe(true);
    expect(registry.unregisterSource('lake')).toBe(false);
    expect(registry.getSource('lake')).toBeUndefined();
  });

  test.each(['lake', 'LAKE'])('the id %s is taken', (id) => {
    const registry = new InMemoryFederatedDataSourceRegistry([lake]);
    const register = (): void => registry.registerSource(new MemorySource(id, {}));
    expect(register).toThrow(expect.objectContaining({ code: 'CONFIG.DUPLICATE_SOURCE', sourceId: id }));
  });

  test.each([
    ['s3_archive.events', ['events']],
    ['S3_Archive.public."odd.name"', ['public', 'odd.name']],
    ['"s3_archive"."a ""b"""', ['a "b"']],
    ['s3_archive', []],
  ])('%s resolves', (name, path) => {
    const registry = new InMemoryFederatedDataSourceRegistry([lake, archive]);
    expect(registry.resolveTable(name)).toEqual({ source: archive, path });
  });

  test('an unknown source is an error with candidates', () => {
    const registry = new InMemoryFederatedDataSourceRegistry([lake, archive]);
    expect(() => registry.resolveTable('shop.orders')).toThrow(
      expect.objectContaining({ code: 'SQL.UNKNOWN_TABLE', candidates: ['lake', 's3_archive'] }),
    );
  });

  test.each(['', 'a.', '.a', 'a..b', '"a', 'a"b"', '"a"b'])('%j is no name', (name) => {
    expect(() => splitDottedName(name)).toThrow(expect.objectContaining({ code: 'SQL.SYNTAX' }));
  });
});

interface PortOptions {
  readonly port: number;
}

/** A Standard Schema by hand: any library's schema has this face. */
const portSchema: ConfigSchema<PortOptions> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => {
      const server: unknown = isObject(value) ? value['server'] : undefined;
      const port: unknown = isObject(server) ? server['port'] : undefined;
      return typeof port === 'number'
        ? { value: { port } }
        : { issues: [{ message: 'expected a number', path: ['server', { key: 'port' }] }] };
    },
  },
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

describe('sources from connectors', () => {
  const connector = defineConnector({
    name: 'memory',
    sdkVersion: '^1.0',
    configSchema: portSchema,
    create: (sourceId, options) => new MemorySource(`${sourceId}:${options.port}`, {}),
  });

  test('options are validated and handed over', async () => {
    const source = await createSourceFromConnector(connector, 'shop', { server: { port: 1 } });
    expect(source.sourceId).toBe('shop:1');
  });

  test('an invalid option is named by its key', async () => {
    const source = createSourceFromConnector(connector, 'shop', { server: { port: 'x' } });
    await expect(source).rejects.toMatchObject({
      code: 'CONFIG.INVALID',
      object: 'sources.shop.server.port',
    });
  });

  test('a secret is not in the message about it', async () => {
    const strict: Connector<PortOptions> = {
      ...connector,
      fields: { 'server.port': { description: 'Port.', secret: true } },
      configSchema: {
        '~standard': {
          ...portSchema['~standard'],
          validate: (value) => ({ issues: [{ message: `cannot take ${JSON.stringify(value)}` }] }),
        },
      },
    };
    const source = createSourceFromConnector(strict, 'shop', { server: { port: 'hunter2' } });
    await expect(source).rejects.toThrow('cannot take {"server":{"port":"***"}}');
  });

  test.each(['^2.0', '0.9', '^1.99', 'one'])('contract version %s is refused', async (sdkVersion) => {
    const other: Connector<PortOptions> = { ...connector, sdkVersion };
    const source = createSourceFromConnector(other, 'shop', { server: { port: 1 } });
    await expect(source).rejects.toMatchObject({ code: 'CONFIG.CONNECTOR_VERSION' });
  });
});
