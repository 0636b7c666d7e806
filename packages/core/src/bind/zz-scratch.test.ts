import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { duckdbDialect, renderQuery } from '@tributary/contract/render';
import { compareRows, tpchParquet, tpchQuery, tpchQueryNumbers } from '@tributary/testbed';
import { openPlainPlans } from '../../test/bind/plain-plans.js';

test('scratch', async () => {
  const folder = await tpchParquet(0.01);
  const names = ['customer','lineitem','nation','orders','part','partsupp','region','supplier'];
  await using plans = await openPlainPlans([
    ...names.map((n) => `CREATE TABLE ${n} AS FROM read_parquet('${folder}/${n}.parquet')`),
    ...(process.env['SETUP'] ? readFileSync(process.env['SETUP'], 'utf8').split(';\n').filter((s) => s.trim()) : []),
  ]);
  const file = process.env['SQLS'];
  const sqls: [string, string][] = file ? readFileSync(file, 'utf8').split(';\n').filter((s) => s.trim()).map((s, i) => [`s${i}`, s]) : [];
  if (!file) for (const n of tpchQueryNumbers) sqls.push([`q${n}`, await tpchQuery(n)]);
  let out = ''; let ok = 0; let skipped = 0; const bad: string[] = [];
  for (const [name, sql] of sqls) {
    out += `### ${name} ${sql.slice(0, 4000)}\n`;
    let rel;
    try { rel = await plans.plan(sql); } catch (e) { skipped++; out += `IMPORT ${String(e)}\n`; bad.push(`${name} IMPORT ${String(e).slice(0, 200)}`); continue; }
    try {
      const t = performance.now();
      const { sql: text, bindings } = renderQuery(rel, { dialect: duckdbDialect });
      out += `-- ${(performance.now() - t).toFixed(2)} ms ${JSON.stringify(bindings)}\n${text}\n`;
      const expected = await plans.query(sql);
      const t2 = performance.now();
      const actual = await plans.query(text);
      const ms = performance.now() - t2; if (ms > 1000) out += `SLOW ${ms}\n`;
      const types = JSON.stringify(actual.types) === JSON.stringify(expected.types);
      const diff = compareRows(actual.rows, expected.rows);
      const ordered = /order by/i.test(sql.split(')').at(-1)!) ? compareRows(actual.rows, expected.rows, { ordered: true }) : undefined;
      if (diff || !types) { bad.push(`${name} DIFF ${diff?.slice(0, 300) ?? JSON.stringify([actual.types, expected.types])}`); out += `DIFF ${diff}\n`; }
      else { ok++; if (ordered) { out += `ORDER ${ordered}\n`; bad.push(`${name} ORDER`); } }
    } catch (e) { out += `FAIL ${String(e)}\n`; bad.push(`${name} FAIL ${(e as Error).stack?.slice(0, 400)}`); }
  }
  writeFileSync('/tmp/render-out.txt', out);
  console.log(`${ok} ok, ${skipped} not imported of ${sqls.length}\n${bad.join('\n')}`);
}, 300_000);
