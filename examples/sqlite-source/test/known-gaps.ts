import type { KnownGap } from '@tributary/connector-testkit';

/** SQLite has one type of integers. */
export const integers = ['tinyint', 'smallint', 'integer', 'utinyint', 'usmallint', 'uinteger'] as const;

/** What the source knowingly lacks, each with its reason: for the report, and for those who read the README. */
export const knownGaps: readonly KnownGap[] = [
  {
    what: 'type',
    types: integers,
    readAs: { id: 'bigint' },
    reason: 'SQLite has one type of integers, of 64 bits.',
  },
  {
    what: 'type',
    types: [
      'boolean',
      'hugeint',
      'ubigint',
      'decimal',
      'float',
      'date',
      'time',
      'timestamp',
      'timestamp_ns',
      'timestamptz',
      'interval',
      'uuid',
      'json',
      'enum',
      'list',
      'struct',
      'map',
    ],
    reason: 'SQLite has no such type.',
  },
  {
    what: 'values',
    types: ['double'],
    holds: (value) => value !== 'NaN',
    reason: 'SQLite stores NaN as NULL.',
  },
  {
    what: 'hook',
    hook: 'wrongCredentials',
    notApplicable: true,
    reason: 'A file has no password.',
  },
  {
    what: 'hook',
    hook: 'interrupt',
    notApplicable: true,
    reason: 'There is no connection to cut.',
  },
  {
    what: 'hook',
    hook: 'activeStatements',
    notApplicable: true,
    reason: 'SQLite runs in this process, and only while a row is taken.',
  },
  { what: 'hook', hook: 'traffic', notApplicable: true, reason: 'Nothing goes over a wire.' },
];
