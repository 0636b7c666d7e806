export { type DialectOptions, describeDialect } from './describe-dialect.js';
export { call, cast, lit, ref, scanOf, withColumns } from './expressions.js';
export type { HostileServer } from './hostile-server.js';
export { TestQuery } from './test-query.js';
