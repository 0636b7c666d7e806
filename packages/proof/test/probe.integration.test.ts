import { it } from 'vitest';
import { formatExplain } from '@tributary/core';
import { HostileWorld } from './generated/hostile-world.js';
import { answer } from './support/answers.js';
import { readFileSync } from 'node:fs';
it('probe', async () => {
  await using world = await HostileWorld.open();
  for (const sql of readFileSync('/tmp/probe.sql', 'utf8').split(';\n').filter((s) => s.trim() !== '')) {
    for (const pushdown of ['auto', 'off'] as const) {
    try {
      if (pushdown === 'auto') console.log(formatExplain(await world.engine.explain(sql), 'text'));
      console.log(pushdown, (await answer(world.engine, sql, {pushdown})).rows.slice(0, 25), (await world.duckdb.query(sql)).rows.slice(0, 25));
    } catch (e) { console.log(pushdown, String(e), (e as Error).stack?.split('\n').slice(0, 25).join('\n')); }
    }
  }
}, 100000);
