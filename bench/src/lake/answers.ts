import type { Engine } from '@tributary/core';

/** All rows, one line each. */
export async function answerOf(engine: Engine, sql: string): Promise<string> {
  const result = await engine.query(sql);
  const rows = await result.rows();
  return rows.map((row) => Object.values(row).map(text).join(', ')).join('\n');
}

function text(value: unknown): string {
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
}
