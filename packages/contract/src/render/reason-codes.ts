/**
 * Why an expression or operator cannot be rendered for a database. The code stands in EXPLAIN next to the piece that stayed;
 * `docs/reason-codes.md` lists every one.
 */
export const renderReasonCodes = {
  FUNCTION_NOT_IN_DIALECT:
    'The database has no function that answers as the engine does for these argument types.',
  AGGREGATE_NOT_IN_DIALECT:
    'The database has no aggregate that answers as the engine does for these argument types.',
  WINDOW_NOT_IN_DIALECT: 'The database has no window function that answers as the engine does.',
  TYPE_NOT_IN_DIALECT: 'The database has no type that holds the same values.',
  LITERAL_NOT_EXACT: 'The database cannot write this constant exactly.',
  CAST_DIFFERS: 'The database converts these types otherwise than the engine, or not at all.',
  COMPARISON_DIFFERS: 'The database compares values of this type otherwise than the engine.',
  TEXT_COMPARISON_DIFFERS: 'The database compares text otherwise than by its bytes.',
  SORT_DIFFERS: 'The database orders values of this type otherwise than the engine.',
  GROUPING_DIFFERS: 'The database groups values of this type otherwise than the engine.',
  COLUMN_NOT_COMPARABLE:
    'Values of this column are equal in the source where they differ in the engine, or the reverse.',
  COLUMN_NOT_ORDERED: 'Values of this column are ordered otherwise in the source than in the engine.',
  COLUMN_NOT_COMPUTABLE:
    'An expression over this column could answer otherwise in the source than in the engine.',
  PARAMETER_NOT_IN_DIALECT: 'The database takes no parameter of this type.',
  KEY_SET_NOT_IN_DIALECT: 'The database takes no key set of these types.',
  JOIN_NOT_SUPPORTED: 'The source does not take joins of this kind.',
  FULL_JOIN_CONDITION: 'The database takes a full join only on equalities of a column on either side.',
  OPERATOR_NOT_SUPPORTED: 'The source does not take this operator.',
} as const satisfies Record<string, string>;

export type RenderReasonCode = keyof typeof renderReasonCodes;
