export { type Answer, answer } from '../run/answer.js';
export { checkQuery, comparedModes } from '../run/check-query.js';
export { type SourceMutant, sourceMutants, spoiledSource } from '../mutants/source-mutants.js';
export { type ColumnName, type HostileColumn, duckdbConstant, hostileColumns } from './hostile-columns.js';
export { type HostileRow, hostileRows } from './hostile-rows.js';
export type { Kind } from './kind.js';
export type { GeneratorWorld } from './maker.js';
export { type GeneratedQuery, generatedQuery } from './queries.js';
export { type Failure, type Sample, checkGenerated, firstFailure } from './run-generated.js';
