export type { ErrorOrigin } from '../errors/error-origin.js';
export { type PlainSourceOptions, createPlainSource } from './create-plain-source.js';
export { jsonRows } from './json-rows.js';
export type {
  PlainColumn,
  PlainRead,
  PlainReader,
  PlainTable,
  SimpleOperator,
  SimplePredicate,
} from './plain-reader.js';
