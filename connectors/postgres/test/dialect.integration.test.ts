import { describeDialect } from '@tributary/connector-testkit/dialect';
import { afterAll, beforeAll, test } from 'vitest';
import { openHostileServer } from './support/hostile-server.js';
import { hostileTypes } from './support/hostile-values.js';

describeDialect({
  test,
  before: beforeAll,
  after: afterAll,
  open: openHostileServer,
  types: hostileTypes,
  kept: { comparisons: ['interval'], order: ['interval'], groups: ['interval'] },
  // INT_MIN % -1 is 0 in PostgreSQL; DuckDB fails, as it does where a product leaves its decimal.
  answersMore: ['%', 'mod'],
});
