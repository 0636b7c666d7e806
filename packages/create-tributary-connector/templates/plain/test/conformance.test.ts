import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { describeConnector } from '@tributary/connector-testkit';
import { create$TypeName$Source, $identifier$ } from '../src/index.ts';
import { ApiServer } from './api-server.ts';
import { knownGaps } from './known-gaps.ts';

const token = randomUUID();
const server = new ApiServer(token);

before(() => server.start());
after(() => server.stop());

describeConnector({
  test: (name, run) => test(name, run),
  connector: $identifier$,
  create: (sourceId) => create$TypeName$Source(sourceId, { url: server.url, token }),
  fixtures: { load: async (tables) => server.load(tables) },
  hooks: {
    wrongCredentials: (sourceId, password) =>
      create$TypeName$Source(sourceId, { url: server.url, token: password }),
    interrupt: () => server.cut(),
    dropColumn: (table, column) => server.dropColumn(table, column),
    activeStatements: () => server.active,
    traffic: () => server.traffic,
  },
  secrets: [token],
  knownGaps,
  report: new URL('../conformance.json', import.meta.url),
});
