export * from './dialect.js';
export { duckdbDialect } from './duckdb/dialect.js';
export { type Fidelities, fidelitiesOf } from './fidelity.js';
export { type RenderReasonCode, renderReasonCodes } from './reason-codes.js';
export { RenderRefusal, refusalOf } from './refusal.js';
export { renderQuery } from './render-query.js';
export type { RenderOptions } from './rendering.js';
export { callText, standardAggregate, unwrap } from './text.js';
