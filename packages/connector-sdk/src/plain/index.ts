export type {
  PlainColumn,
  PlainRead,
  PlainReader,
  PlainTable,
  SimpleOperator,
  SimplePredicate,
} from './plain-reader.js';
