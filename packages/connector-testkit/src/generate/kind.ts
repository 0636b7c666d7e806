/**
 * What may be done with a value without an error that depends on the order of evaluation: `wide` numbers overflow where `integer`
 * ones do not, `double` ones do not even add up the same in another order, and so on.
 */
export type Kind =
  | 'integer'
  | 'wide'
  | 'decimal'
  | 'wide-decimal'
  | 'mild-double'
  | 'double'
  | 'text'
  | 'day'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'time'
  | 'boolean'
  | 'uuid'
  | 'blob'
  | 'interval';
