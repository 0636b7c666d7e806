import { spoolSelect } from '@tributary/columnar';
import { typeName } from '@tributary/contract/plan';
import type { RelationResult, SpoolDirectory } from '@tributary/contract/source';
import { deleteSpoolFiles, type SpooledFile } from './spool-file.js';
import type { AnswerColumn } from './wire-columns.js';

/** Spool files of the same columns as a relation with the exact types of `columns`. `bytes` came from the source. */
export function spooledRelation(
  spooled: readonly SpooledFile[],
  columns: readonly AnswerColumn[],
  spool: SpoolDirectory,
  bytes: number,
): RelationResult {
  const files = spooled.map(({ file }) => file);
  const given = files[0]?.columns ?? [];
  const list = columns.map(({ type }, i) => {
    if (type.id === 'null') return 'NULL';
    const held = given[i];
    return held !== undefined && typeName(held.type) === typeName(type)
      ? `c${i}`
      : `CAST(c${i} AS ${typeName(type)})`;
  });
  const inner = spoolSelect(files);
  const names = given.map((_, i) => `c${i}`).join(', ');
  return {
    kind: 'relation',
    sql: list.every((text, i) => text === `c${i}`)
      ? inner
      : `SELECT ${list.join(', ')} FROM (${inner}) AS s(${names})`,
    rows: files.reduce((sum, file) => sum + file.rows, 0),
    bytes,
    release: () => deleteSpoolFiles(spool, spooled),
  };
}
