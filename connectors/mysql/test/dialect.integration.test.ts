import { describeDialect } from '@tributary/connector-testkit/dialect';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openHostileServer } from './support/hostile-server.js';
import { hostileTypes } from './support/hostile-values.js';
import { products } from './support/server.js';

describe.each(products)('%s', (product) => {
  describeDialect({
    test,
    before: (run) => beforeAll(run, 60_000),
    after: afterAll,
    open: () => openHostileServer(product),
    types: hostileTypes,
    kept: { groups: ['FLOAT', 'DOUBLE'] },
    // INT_MIN % -1 is 0 in MySQL; DuckDB fails.
    answersMore: ['%', 'mod'],
  });
});
