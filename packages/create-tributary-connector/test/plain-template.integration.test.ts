import { describeConnector } from '@tributary/connector-testkit';
import { afterAll, beforeAll, it } from 'vitest';
import { create$TypeName$Source, $identifier$ } from '../templates/plain/src/index.ts';
import { ApiServer } from '../templates/plain/test/api-server.ts';
import { knownGaps } from '../templates/plain/test/known-gaps.ts';

const token = 'a token of the tests';
const server = new ApiServer(token);

beforeAll(() => server.start());
afterAll(() => server.stop());

// The template for SQL is taken all the way in packages/proof/test/third-party.integration.test.ts.
describeConnector({
  test: it,
  after: afterAll,
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
  statements: 60,
});
