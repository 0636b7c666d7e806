export type { Answer, BatchesAnswer, ParquetAnswer, Row, RowsAnswer, Value, WireAnswer } from './answer.js';
export type { AnswerOrigin } from './answer-origin.js';
export { deliver } from './deliver.js';
export { rowsToBatches } from './rows-to-batches.js';
export { type IntervalParts, parseIntervalText } from './rows/interval-text.js';
export { type SpooledFile, deleteSpoolFiles, writeSpoolFile } from './spool-file.js';
export { spooledRelation } from './spooled-relation.js';
export { type AnswerColumn, wireColumns } from './wire-columns.js';
