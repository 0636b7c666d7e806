/** Kept equal to `Kind` in assembly/mysql-rows/kind.ts. */
export const kind = {
  int8: 1,
  uint8: 2,
  int16: 3,
  uint16: 4,
  int32: 5,
  uint32: 6,
  int64: 7,
  uint64: 8,
  float: 9,
  double: 10,
  decimal: 11,
  bytes: 12,
  timestamp: 13,
  time: 14,
  bits: 15,
  bool: 16,
  uuid: 17,
  date: 18,
  interval: 19,
} as const;

export type Kind = (typeof kind)[keyof typeof kind];
