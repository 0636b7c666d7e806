/** Reason codes of plain sources' decisions; `docs/reason-codes.md` lists them. */
export const plainReasonCodes = {
  FILTER_NOT_SIMPLE: 'The source takes comparisons of one column with constants, and this is something else.',
  FILTER_NOT_DECLARED: 'The source does not take this operator on this column.',
  FILTER_INEXACT: 'The source may answer with more rows than match, so the engine filters again.',
  TOO_MANY_VALUES:
    'The list is longer than the source takes, and its parts could answer with the same row twice.',
  LIMIT_NOT_TAKEN: 'The source has no limit for this table.',
  LIMIT_AT_LEAST: 'The source may answer with more rows than the limit, so the engine cuts them.',
  LIMIT_ABOVE_FILTER: 'A filter stays above the scan, so the limit must as well.',
} as const;

export type PlainReasonCode = keyof typeof plainReasonCodes;
