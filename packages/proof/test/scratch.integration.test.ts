import { it } from 'vitest';
import * as fc from 'fast-check';
import { compareRows } from '@tributary/testbed';
import { appendFileSync, writeFileSync } from 'node:fs';
import { HostileWorld } from './generated/hostile-world.js';
import { generatedQuery } from './generated/queries.js';
import { answer } from './support/answers.js';

import { numbers } from './generated/run-generated.js';
it('survey', async () => {
  await using world = await HostileWorld.open();
  const seed = Number(process.env['SEED'] ?? 1);
  const samples = fc.sample(numbers, { seed, numRuns: Number(process.env['N'] ?? 300) });
  const counts: Record<string, number> = {};
  const out = '/tmp/survey.txt';
  writeFileSync(out, '');
  let next = 0;
  const t = { plain: 0, auto: 0, off: 0 };
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let i = next++; i < samples.length; i = next++) {
        const q = generatedQuery(samples[i] ?? []);
        const note = (kind: string, text = '') => {
          counts[kind] = (counts[kind] ?? 0) + 1;
          if (kind !== 'ok')
            appendFileSync(
              out,
              `### ${kind} #${i}\n${q.sql}\n-- ${JSON.stringify(q.parameters.map((p) => p.value))}\n${text}\n\n`,
            );
        };
        let expected;
        let s = performance.now();
        try {
          expected = await world.duckdb.query(q.plainSql);
        } catch (e) {
          note('plain-error', String(e));
          continue;
        }
        t.plain += performance.now() - s;
        for (const pushdown of ['auto', 'off'] as const) {
          s = performance.now();
          try {
            const { rows } = await answer(world.engine, q.sql, { pushdown, params: q.parameters });
            const d = compareRows(rows, expected.rows, { ordered: q.ordered });
            if (d === undefined) { note('ok'); if (rows.length > 0) counts['nonempty'] = (counts['nonempty'] ?? 0) + 1; };
            if (d !== undefined) note(`${pushdown}-differs`, d.slice(0, 500));
          } catch (e) {
            note(
              `${pushdown}-error`,
              `${(e as { code?: string }).code} ${String(e)} CAUSE ${String((e as { cause?: unknown }).cause)}`,
            );
          }
          t[pushdown] += performance.now() - s;
        }
      }
    }),
  );
  console.log(counts, t);
}, 600000);
