import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describeConnector, sqlFixtures } from '@tributary/connector-testkit';
import { afterAll, test } from 'vitest';
import { sqlite } from '../src/index.js';
import { integers, knownGaps } from './known-gaps.js';

const directory = mkdtempSync(join(tmpdir(), 'tributary-sqlite-'));
const file = join(directory, 'conformance.db');
const database = new DatabaseSync(file);

const storageClasses: ReadonlyMap<string, string> = new Map([
  ...[...integers, 'bigint'].map((id): [string, string] => [id, 'INTEGER']),
  ['double', 'REAL'],
  ['blob', 'BLOB'],
]);

afterAll(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

describeConnector({
  test: (name, run) => test(name, run),
  connector: sqlite,
  create: (sourceId) => sqlite.create(sourceId, { file }),
  fixtures: sqlFixtures({
    run: async (sql) => database.exec(sql),
    typeName: ({ id }) => storageClasses.get(id) ?? 'TEXT',
    literal: (value, { id }) => {
      if (id === 'double' && value.endsWith('Infinity')) return value.startsWith('-') ? '-9e999' : '9e999';
      return id === 'bigint' && value === '-9223372036854775808' ? '(-9223372036854775807 - 1)' : undefined;
    },
    tableOptions: 'STRICT',
    afterLoad: () => ['ANALYZE'],
  }),
  hooks: {
    dropColumn: async (table, column) => database.exec(`ALTER TABLE "${table}" DROP COLUMN "${column}"`),
  },
  knownGaps,
});
