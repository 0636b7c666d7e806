export { columnValues, rowsOf, type Row, uniqueNames } from './rows.js';
export { EventBus, type EventListener } from './event-bus.js';
export { type ExecutionLimits, resolveLimits } from './limits.js';
export { type ExecuteOptions, executePlan } from './query-execution.js';
export { ExecutorRuntime, type RuntimeOptions } from './runtime.js';
export { inferParameters } from './parameters.js';
export type { KeySetRun, ProgressListener, RunRecord } from './run-recorder.js';
