import { Session } from 'node:inspector';
import { test } from 'vitest';
import { tpchQuery } from '@tributary/testbed';
import { PlanningBench } from '../../test/optimize/planning-bench.js';
import { showRel } from '../../test/optimize/show.js';
import { optimize } from './index.js';
test('x', async () => {
  await using bench = await PlanningBench.tpch((t) =>
    process.env['MIX'] ? (t === 'orders' || t === 'lineitem' ? 'lake' : 'pg') : 'pg',
  );
  for (const n of (process.env['Q'] ?? '').split(',').filter(Boolean).map(Number)) {
    const p = await bench.plan(await tpchQuery(n));
    console.log(showRel(p.optimized));
  }
  if (process.env['TIME']) {
    const plans = [];
    for (let n = 1; n <= 22; n++) plans.push(await bench.plan(await tpchQuery(n)));
    for (let i = 0; i < 20; i++) for (const p of plans) optimize(p.bound, p.context);
    const sess = new Session();
    sess.connect();
    const post = (m: string) => new Promise<any>((r) => sess.post(m, (_e: any, x: any) => r(x)));
    await post('Profiler.enable');
    await post('Profiler.start');
    for (let i = 0; i < 20; i++) for (const p of plans) optimize(p.bound, p.context);
    const { profile } = await post('Profiler.stop');
    const self = new Map<string, number>();
    const total = profile.samples.length;
    const byId = new Map<number, any>(profile.nodes.map((n: any) => [n.id, n]));
    const parent = new Map<number, number>();
    for (const n of profile.nodes) for (const c of n.children ?? []) parent.set(c, n.id);
    const incl = new Map<string, number>();
    for (const id of profile.samples) {
      const n = byId.get(id);
      const k = n.callFrame.functionName + ' ' + n.callFrame.url.split('/').slice(-2).join('/');
      self.set(k, (self.get(k) ?? 0) + 1);
      const seen = new Set<string>();
      for (let x: number | undefined = id; x !== undefined; x = parent.get(x)) {
        const m = byId.get(x);
        const kk = m.callFrame.functionName + ' ' + m.callFrame.url.split('/').slice(-2).join('/');
        if (!seen.has(kk)) {
          seen.add(kk);
          incl.set(kk, (incl.get(kk) ?? 0) + 1);
        }
      }
    }
    const top = (m: Map<string, number>) =>
      [...m]
        .sort((a, b) => b[1] - a[1])
        .slice(0, 32)
        .map(([k, v]) => `${((100 * v) / total).toFixed(1)} ${k}`)
        .join('\n');
    console.log('SELF\n' + top(self) + '\nINCL\n' + top(incl));
    for (const [i, p] of plans.entries()) {
      const c0 = process.cpuUsage();
      for (let k = 0; k < 20; k++) optimize(p.bound, p.context);
      const c = process.cpuUsage(c0);
      console.log(i + 1, ((c.user + c.system) / 20000).toFixed(2));
    }
  }
}, 60000);
