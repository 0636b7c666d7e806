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
  // Groups of floats tell 0 from -0.
  kept: { groups: ['Float32', 'Float64'] },
  // DuckDB fails where a product has more than 18 digits, ClickHouse where it has more than 64 bits.
  answersMore: ['*'],
});
