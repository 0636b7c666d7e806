export type { ErrorOrigin } from '../errors/error-origin.js';
export { type PlainSourceOptions, createPlainSource } from './create-plain-source.js';
export type {
  PlainColumn,
  PlainRead,
  PlainReader,
  PlainTable,
  SimpleOperator,
  SimplePredicate,
} from './plain-reader.js';
