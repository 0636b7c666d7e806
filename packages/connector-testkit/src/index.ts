export { blobBytes } from './fixtures/blob-text.js';
export type {
  FixtureColumn,
  FixtureRow,
  FixtureTable,
  FixtureValue,
  Fixtures,
} from './fixtures/fixture-table.js';
export { type SqlFixtureOptions, sqlFixtures, standardLiteral } from './fixtures/sql-fixtures.js';
export { type TcpProxy, type TcpTarget, openTcpProxy } from './hooks/tcp-proxy.js';
export type { AreaCounts, ConformanceReport, Grade, ReportedGap } from './report/conformance-report.js';
export { supportMatrix } from './report/support-matrix.js';
export type { Area, CheckResult } from './suite/check.js';
export { ConformanceError } from './suite/conformance-error.js';
export type { ConformanceOptions, ConformanceSubject, RegisterTest } from './suite/conformance-options.js';
export { checkConnector, describeConnector } from './suite/describe-connector.js';
export type { HookName, Hooks, Traffic } from './suite/hooks.js';
export type { HookGap, KnownGap, TypeGap, ValuesGap } from './suite/known-gap.js';
