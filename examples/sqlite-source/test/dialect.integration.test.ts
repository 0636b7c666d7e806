import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describeDialect } from '@tributary/connector-testkit/dialect';
import { afterAll, beforeAll, test } from 'vitest';
import { sqlite } from '../src/index.js';

/** Values at which engines disagree. */
const values = {
  INTEGER: ['0', '1', '-1', '9007199254740993', '9223372036854775807', '-9223372036854775807 - 1'],
  REAL: ['0.0', '-0.0', '1.5', '-2.5', '0.1', '5e-324', '1.7976931348623157e308', '9e999', '-9e999'],
  TEXT: ["''", "'a'", "'A'", "'a '", "'ä'", "'10'", "'9'", "'%'", "'_'", "'NULL'", "''''", "'\u{1f600}'"],
  BLOB: ["x''", "x'00'", "x'61'", "x'ff'"],
} as const;

type Type = keyof typeof values;

describeDialect<Type>({
  test,
  before: beforeAll,
  after: afterAll,
  types: ['INTEGER', 'REAL', 'TEXT', 'BLOB'],
  kept: { groups: ['TEXT', 'BLOB'] },
  open: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tributary-sqlite-'));
    const file = join(directory, 'hostile.db');
    using database = new DatabaseSync(file);
    for (const [type, list] of Object.entries(values)) {
      const rows = [...list, 'NULL'].map((value) => `(${value})`).join(', ');
      database.exec(`
        CREATE TABLE pairs_${type} (id INTEGER NOT NULL PRIMARY KEY, a ${type}, b ${type}) STRICT;
        WITH v(x) AS (VALUES ${rows})
        INSERT INTO pairs_${type} (a, b) SELECT l.x, r.x FROM v AS l, v AS r;`);
    }
    const source = sqlite.create('lite', { file });
    return {
      title: 'SQLite',
      source,
      table: (type) => [`pairs_${type}`],
      [Symbol.asyncDispose]: async () => {
        await source.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});
