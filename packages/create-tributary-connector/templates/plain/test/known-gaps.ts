import type { KnownGap } from '@tributary/connector-testkit';

/** What the source knowingly lacks, each with its reason: for the report, and for those who read the README. */
export const knownGaps: readonly KnownGap[] = [
  {
    what: 'type',
    types: [
      'tinyint',
      'smallint',
      'hugeint',
      'utinyint',
      'usmallint',
      'uinteger',
      'ubigint',
      'decimal',
      'float',
      'time',
      'timestamp_ns',
      'timestamptz',
      'interval',
      'uuid',
      'blob',
      'json',
      'enum',
      'list',
      'struct',
      'map',
    ],
    reason: 'The API has no such type.',
  },
];
