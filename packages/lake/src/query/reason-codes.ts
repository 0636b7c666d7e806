/** Reason codes of the file-based connectors' own decisions; `docs/reason-codes.md` lists them. */
export const lakeReasonCodes = {
  PARTITION_PRUNED: "The values in a folder's name contradict the filters, so its files are not opened.",
  FILE_PRUNED: "A file's statistics contradict the filters, so it is not read.",
  ROW_GROUP_PRUNED: "A row group's statistics contradict the filters, so it is skipped.",
  STATISTICS_ANSWER: 'Footers, folders or the log of a table hold the answer, so no row is read.',
  STATISTICS_UNSURE: 'What footers or the log of a table say is not certain enough to be the answer.',
  LIMIT_ABOVE_FILTER: 'A filter stays above the scan, so the limit must as well.',
} as const;

export type LakeReasonCode = keyof typeof lakeReasonCodes;
