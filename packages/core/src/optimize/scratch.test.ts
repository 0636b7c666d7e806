import { test } from 'vitest';
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { openSmallTables } from '../../test/optimize/small-tables.js';
import { statements } from '../../test/optimize/statements.js';
import { showRel } from '../../test/optimize/show.js';
test('x', async () => {
  await using bench = await openSmallTables();
  let out = '';
  const seen = new Map<string, number>();
  const N = Number(process.env['N'] ?? 500);
  const stms = fc.sample(statements, { numRuns: N, seed: Number(process.env['SEED'] ?? 1) });
  for (const sql of stms) {
    let r: string | undefined;
    let plan = '';
    try {
      const p = await bench.plan(sql);
      plan = showRel(p.optimized);
      r = await bench.difference(sql, p.optimized);
      if (r) plan += '\nBEFORE\n' + showRel(p.bound);
    } catch (e) {
      r = 'ERR ' + String(e);
    }
    const key = (r ?? 'same').slice(0, 90).replace(/\d+/g, '#');
    seen.set(key, (seen.get(key) ?? 0) + 1);
    if (r !== undefined && (seen.get(key) ?? 0) <= 2) out += `### ${sql}\n${r}\n${plan}\n\n`;
  }
  writeFileSync('/tmp/opt/fuzz.txt', [...seen].map(([k, n]) => `${n} ${k}`).join('\n') + '\n' + out);
}, 600000);
