import type { IFederatedDataSource, RemoteTableName } from '@tributary/connector-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixtures, checkConnector } from '../src/index.js';
import { DuckdbServer } from './reference/duckdb-server.js';
import { createReferenceSql, sqlCapabilities, sqlSubject } from './reference/sql-subject.js';
import { overridden } from './wrong/overridden.js';

let server: DuckdbServer;

beforeAll(async () => {
  server = await DuckdbServer.open();
});
afterAll(() => server[Symbol.asyncDispose]());

describe('what is declared', () => {
  it('a source that declares little is asked for little', async () => {
    const capabilities = {
      ...sqlCapabilities,
      joins: ['inner'],
      setOperations: [],
      aggregate: false,
      groupingSets: false,
      distinct: false,
      distinctOn: false,
      window: false,
      sort: false,
      limit: false,
      offset: false,
      with: false,
      dependentJoin: false,
      keySets: undefined,
    } as const;
    const subject = sqlSubject(server, (sourceId) => createReferenceSql(server, sourceId, { capabilities }));
    const results = await checkConnector(subject, (id) => id.startsWith('capabilities.'));
    expect([...results].filter(([, { outcome }]) => outcome !== 'passed')).toEqual([]);
    expect(results.size).toBeGreaterThan(25);
  });

  it('a hook that is neither given nor declared fails what needs it', async () => {
    const { interrupt: _, ...hooks } = sqlSubject(server).hooks ?? {};
    const results = await checkConnector({ ...sqlSubject(server), hooks }, (id) => id === 'failures.stream');
    expect(results.get('failures.stream')).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringContaining('needs the hook "interrupt"') },
    });
  });

  it('a hook that is declared as a gap is one', async () => {
    const { interrupt: _, ...hooks } = sqlSubject(server).hooks ?? {};
    const subject = {
      ...sqlSubject(server),
      hooks,
      knownGaps: [{ what: 'hook', hook: 'interrupt', reason: 'Nothing to break.' }],
    } as const;
    const results = await checkConnector(subject, (id) => id === 'failures.stream');
    expect(results.get('failures.stream')).toEqual({ outcome: 'gap', reason: 'Nothing to break.' });
  });

  it('a hook that is given and declared as a gap is a mistake', async () => {
    const subject = {
      ...sqlSubject(server),
      knownGaps: [{ what: 'hook', hook: 'interrupt', reason: 'Nothing to break.' }],
    } as const;
    const results = await checkConnector(subject, (id) => id === 'failures.stream');
    expect(results.get('failures.stream')).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringContaining('given and declared as a known gap') },
    });
  });

  it('a type that is described as another one needs a gap that says so', async () => {
    const { knownGaps = [] } = sqlSubject(server);
    const uuid = { what: 'type', types: ['uuid'], readAs: { id: 'varchar' }, reason: 'Text.' } as const;
    const subject = { ...sqlSubject(server), knownGaps: [...knownGaps, uuid] };
    const results = await checkConnector(subject, (id) => id === 'contract.describe');
    expect(results.get('contract.describe')).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringContaining('tributary_a.u is VARCHAR, described as UUID') },
    });
  });

  it('tables may stand in a schema', async () => {
    const inSchema = (name: RemoteTableName): RemoteTableName => ({ ...name, schema: 'main' });
    const create = (sourceId: string): IFederatedDataSource =>
      overridden(createReferenceSql(server, sourceId), (source) => ({
        listTables: async (ctx) => (await source.listTables(ctx)).map(inSchema),
        describeTable: async (path, ctx) => {
          const schema = await source.describeTable(path, ctx);
          return schema && { ...schema, table: inSchema(schema.table) };
        },
      }));
    const subject = sqlSubject(server, create);
    const fixtures: Fixtures = { ...subject.fixtures, path: (table) => ['main', table] };
    const tried = ['contract.describe', 'types.integer', 'limits.offset', 'capabilities.inner-join'];
    const results = await checkConnector({ ...subject, fixtures }, (id) => tried.includes(id));
    expect([...results.values()]).toEqual(tried.map(() => ({ outcome: 'passed' })));
  });
});
