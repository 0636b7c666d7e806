export type { Answer, BatchesAnswer, ParquetAnswer, Row, RowsAnswer, Value, WireAnswer } from './answer.js';
