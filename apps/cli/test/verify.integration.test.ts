import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.js';
import { type Workspace, createWorkspace } from './workspace.js';

/**
 * A connector that loses the first row of every aggregate that is pushed into it: PostgreSQL's own, with a wrong answer.
 */
const liar = (connector: string): string => `
import { postgres } from '${connector}';

const isAggregate = (plan) => JSON.stringify(plan.request).includes('"kind":"aggregate"');

async function* withoutFirstRow(batches) {
  let isFirst = true;
  for await (const batch of batches) {
    yield isFirst ? batch.slice(1) : batch;
    isFirst = false;
  }
}

export const liar = {
  ...postgres,
  name: 'liar',
  create(id, options) {
    const source = postgres.create(id, options);
    return new Proxy(source, {
      get(target, key) {
        if (key !== 'executeRemoteQuery') {
          const value = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        }
        return async (plan, ctx) => {
          const result = await target.executeRemoteQuery(plan, { ...ctx, prefer: 'batches' });
          if (!isAggregate(plan)) return result;
          if (result.kind !== 'batches') return { ...result, sql: 'select * from (' + result.sql + ') offset 1' };
          return { ...result, batches: withoutFirstRow(result.batches) };
        };
      },
    });
  },
};
`;

let workspace: Workspace;

beforeAll(async () => {
  workspace = await createWorkspace();
  const connector = pathToFileURL(
    join(import.meta.dirname, '../../../connectors/postgres/dist/index.js'),
  ).href;
  writeFileSync(join(workspace.directory, 'liar.mjs'), liar(connector));
  writeFileSync(
    join(workspace.directory, 'liar.yaml'),
    'sources:\n  shop: { connector: ./liar.mjs, url: "${SHOP_PG_URL}" }\n',
  );
});

afterAll(() => workspace[Symbol.asyncDispose]());

describe('tributary verify', () => {
  it('finds that honest sources agree', async () => {
    const sql = `select c.country, avg(o.total::double) as mean, count(*) as n
      from shop.orders o join shop.customers c on c.customer_id = o.customer_id
      where o.status = 'delivered' and o.customer_id in (select customer_id from newsletter_clicks)
      group by c.country`;
    const { code, stdout, stderr } = await runCli(['verify', sql], {
      cwd: workspace.directory,
      env: workspace.env,
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^pushed {4}10 rows in .*\nunpushed {2}10 rows in .*\nThe answers agree\.\n$/);
    expect(code).toBe(0);
  });

  it('shows the rows that differ and the piece to blame', async () => {
    const sql = 'select country, count(*) as n from shop.customers where customer_id > 10 group by country';
    const { code, stdout, stderr } = await runCli(['-c', 'liar.yaml', 'verify', sql], {
      cwd: workspace.directory,
      env: workspace.env,
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^pushed {4}9 rows in .*\nunpushed {2}10 rows in /);
    expect(stdout).toContain('The answers differ.');
    expect(stdout).toMatch(/^ unpushed \| "/m);
    expect(stderr).toContain('trying without aggregates in shop');
    expect(stdout).toContain('Without aggregates in shop the answers agree.');
    expect(stdout).toMatch(/^ {2}aggregate: .*count/m);
  });
});
