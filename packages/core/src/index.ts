export * from '@tributary/contract';
export type {
  EngineEvents,
  EngineOptions,
  FederatedExecuteEvent,
  ParameterInput,
  QueryOptions,
  QueryParameters,
  QueryResult,
  SourceTiming,
} from './api.js';
export { type Engine, type ExplainOptions, createEngine } from './engine.js';
export { type Row, rowsOf } from './execute/rows.js';
export type {
  ExplainDocument,
  ExplainFragment,
  ExplainKeySet,
  ExplainRun,
  FragmentRun,
} from './explain/document.js';
export { type ExplainFormat, formatExplain } from './explain/format.js';
export type { OutputColumn, PushdownMode, ViewDefinition } from './plan/federated-plan.js';
export {
  type FederatedDataSourceRegistry,
  InMemoryFederatedDataSourceRegistry,
  type ResolvedTable,
  createSourceFromConnector,
} from './registry/index.js';
