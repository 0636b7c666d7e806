import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliResult, bin, runCli, runProgram } from './run-cli.js';
import { type Workspace, createWorkspace } from './workspace.js';

let workspace: Workspace;

beforeAll(async () => {
  workspace = await createWorkspace();
});

afterAll(() => workspace[Symbol.asyncDispose]());

function tributary(
  args: readonly string[],
  more: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<CliResult> {
  const { directory, env } = workspace;
  return runCli(args, { cwd: directory, ...more, env: { ...env, ...more.env } });
}

const federated = `select c.country, count(*) as clicks
  from newsletter_clicks k join shop.customers c on c.customer_id = k.customer_id
  group by c.country order by clicks desc, c.country`;

describe('tributary query', () => {
  it('answers over both sources, with nothing but data on stdout', async () => {
    const { code, stdout, stderr } = await tributary(['query', federated, '-F', 'json']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const rows: { country: string; clicks: number }[] = JSON.parse(stdout);
    expect(rows).toHaveLength(10);
    expect(rows.reduce((sum, { clicks }) => sum + clicks, 0)).toBeGreaterThan(3000);
  });

  it('prints a table by default, and the row count beside it', async () => {
    const { code, stdout, stderr } = await tributary(['query', 'select 1 as one, null as nothing']);
    expect(code).toBe(0);
    expect(stdout).toBe(' one | nothing\n-----+---------\n   1 |    NULL\n');
    expect(stderr).toMatch(/^1 row in [\d.]+ m?s\n$/);
  });

  it('takes the statement from a file and from stdin', async () => {
    const file = join(workspace.directory, 'q.sql');
    writeFileSync(file, 'select 42 as a;\n');
    expect((await tributary(['query', '-f', 'q.sql', '-F', 'csv'])).stdout).toBe('a\r\n42\r\n');
    expect((await tributary(['query', '-F', 'csv'], { input: 'select 43 as a;' })).stdout).toBe(
      'a\r\n43\r\n',
    );
  });

  it('takes parameters, named and positional', async () => {
    const named = await tributary([
      'query',
      '-F',
      'ndjson',
      '-p',
      'top=2',
      '-p',
      "country='Japan'",
      'select customer_id from shop.customers where country = $country order by 1 limit $top',
    ]);
    expect(named.stderr).toBe('');
    expect(named.stdout.trim().split('\n')).toHaveLength(2);
    const positional = await tributary([
      'query',
      '-F',
      'csv',
      '-p',
      '2025-03-01::date',
      '-p',
      '7',
      'select $1 + $2::integer as d',
    ]);
    expect(positional.stdout).toContain('2025-03-08');
    const missing = await tributary(['query', 'select $1']);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('error[SQL.PARAMETER]');
  });

  it.each([
    ['out.csv', /^country,clicks\r\n/],
    ['out.json', /^\[\n\{"country"/],
    ['out.parquet', /^PAR1/],
  ])('writes %s in the format of its name', async (name, start) => {
    const { code, stdout, stderr } = await tributary(['query', federated, '-o', name]);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^10 rows to out/);
    expect(code).toBe(0);
    expect(readFileSync(join(workspace.directory, name), 'latin1')).toMatch(start);
  });

  it('writes no table into a file whose name promises something else', async () => {
    const { code, stderr } = await tributary(['query', 'select 1 as a', '-o', 'out.tsv']);
    expect(stderr).toContain(
      'The ending of out.tsv is that of no format: add --format, one of table, records,',
    );
    expect(code).toBe(2);
    const named = await tributary(['query', 'select 1 as a', '-o', 'out.tsv', '-F', 'records']);
    expect(named.code).toBe(0);
    expect(readFileSync(join(workspace.directory, 'out.tsv'), 'utf8')).toBe('-[ row 1 ]-------\n a | 1\n');
    const folder = await tributary(['query', 'select 1', '-o', 'nowhere/out.csv']);
    expect(folder.stderr).toMatch(/nowhere\/out\.csv cannot be written: no such file or directory\.\n$/);
  });

  it('leaves nothing partial of a failed statement', async () => {
    const sql =
      "select cast(case when i = 200000 then 'x' else '1' end as integer) as v from generate_series(1, 300000) t(i)";
    const { code, stderr } = await tributary(['query', sql, '-o', 'failed.csv']);
    expect(stderr).toContain('error[SQL.EXECUTION]');
    expect(code).toBe(1);
    expect(readdirSync(workspace.directory).filter((name) => name.includes('failed'))).toEqual([]);
  });

  it('ends quietly when the reader of stdout has enough', async () => {
    const command = `"${process.execPath}" "${bin}" query -F csv 'select i from generate_series(1, 5000000) t(i)' | head -n 2; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await runProgram('bash', ['-c', command], {
      cwd: workspace.directory,
      env: workspace.env,
    });
    expect(stdout).toBe('i\r\n1\r\n0\n');
    expect(stderr).toBe('');
  });

  it('shows where a statement is wrong', async () => {
    const { code, stdout, stderr } = await tributary(['query', 'select *\nfrom shop.ordrs']);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('error[SQL.UNKNOWN_TABLE]');
    expect(stderr).toContain('  2 | from shop.ordrs\n    |      ^\n');
    expect(stderr).toMatch(/did you mean: .*orders/);
  });
});

describe('exit codes', () => {
  it.each([['query -F csv "select 1"'], ['sources']])('3 for a full disk behind stdout: %s', async (args) => {
    const command = `"${process.execPath}" "${bin}" ${args} > /dev/full`;
    const { code, stderr } = await runProgram('bash', ['-c', command], {
      cwd: workspace.directory,
      env: workspace.env,
    });
    expect(stderr).toContain('error[RESOURCE.SPILL_FULL]: There is no room for the output.');
    expect(code).toBe(3);
  });

  it.each([
    ['an unknown command', ['frobnicate'], {}],
    ['an unknown format', ['query', 'select 1', '-F', 'xml'], {}],
    ['no statement', ['query', ''], {}],
    ['a missing configuration', ['-c', 'missing.yaml', 'tables'], {}],
    ['an unset variable', ['tables'], { SHOP_PG_URL: '' }],
    ['an option of the wrong type', ['tables'], { POOL: 'many' }],
    ['a view that would be gone at once', ['query', 'create view v as select 1'], {}],
    ['a bad duration', ['query', 'select 1', '--timeout', 'soon'], {}],
  ])('2 for %s', async (_, args, env) => {
    const { code, stderr, stdout } = await tributary(args, { env });
    expect(stdout).toBe('');
    expect(stderr).toContain('error');
    expect(code).toBe(2);
  });

  it('3 for a source that is down, which is named with its mend', async () => {
    const env = { SHOP_PG_URL: 'postgres://ann:secret@127.0.0.1:1/shop' };
    const query = await tributary(['query', 'select * from shop.public.orders'], { env });
    expect(query.code).toBe(3);
    expect(query.stderr).toContain('error[SOURCE.UNREACHABLE]');
    expect(query.stderr).toContain('source: shop');
    expect(query.stderr).not.toContain('secret');
    const doctor = await tributary(['doctor'], { env });
    expect(doctor.code).toBe(3);
    expect(doctor.stdout).toMatch(/FAILED {2}shop/);
    expect(doctor.stdout).toMatch(/ok {6}lake/);
    expect(doctor.stdout).toContain('fix:');
    expect(doctor.stdout).not.toContain('secret');
  });

  it('3 when the time is over', async () => {
    const { code, stderr } = await tributary(['query', 'select s from shop.slow', '--timeout', '500ms']);
    expect(stderr).toContain('error[QUERY.TIMEOUT]');
    expect(code).toBe(3);
  });

  it('130 on Ctrl-C, and the statement in the source is gone', async () => {
    const { code, stdout, stderr } = await runCli(['query', 'select s from shop.slow', '-F', 'csv'], {
      cwd: workspace.directory,
      env: workspace.env,
      onStart: (child) => void interruptWhenBusy(() => child.kill('SIGINT')),
    });
    expect(code).toBe(130);
    expect(stdout).toBe('s\r\n');
    expect(stderr).toContain('error[QUERY.CANCELLED]');
    expect(await slowStatements()).toBe(0);
  });
});

async function interruptWhenBusy(interrupt: () => void): Promise<void> {
  while ((await slowStatements()) === 0) await sleep(50);
  interrupt();
}

async function slowStatements(): Promise<number> {
  const rows = await workspace.sql(
    `select 1 from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and query like '%slow%'`,
  );
  return rows.length;
}

describe('looking around', () => {
  it('sources', async () => {
    const { code, stdout } = await tributary(['sources']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ shop +\| postgres +\| database +\| SQL \(postgres/m);
    expect(stdout).toMatch(/^ lake +\| duckdb-s3 +\| local/m);
    expect(stdout).not.toContain(`:${workspace.server.password}@`);
  });

  it('tables, of all sources and of one', async () => {
    const all = await tributary(['tables']);
    expect(all.stdout).toMatch(/^ shop\.public\.orders +\| table +\| +60,000$/m);
    expect(all.stdout).toMatch(/^ lake\.events +\| files/m);
    expect(all.stdout).toMatch(/^ newsletter_clicks +\| view of the configuration/m);
    const one = await tributary(['tables', 'lake']);
    expect(one.stdout).not.toContain('shop');
    expect((await tributary(['tables', 'nowhere'])).code).toBe(1);
  });

  it('describe, a table and a view', async () => {
    const table = await tributary(['describe', 'shop.public.orders']);
    expect(table.stdout).toMatch(/^ order_id +\| INTEGER +\| integer +\| not null \| primary/m);
    expect(table.stdout).toMatch(/^ total +\| DECIMAL\(10,2\)/m);
    expect(table.stdout).toMatch(/^ column +\| type +\| in the source +\| null +\| key *$/m);
    const view = await tributary(['describe', 'newsletter_clicks']);
    expect(view.stdout).toMatch(/^ event_time +\| TIMESTAMP/m);
    expect((await tributary(['describe', 'shop.public.nothing'])).code).toBe(1);
  });

  it('doctor', async () => {
    const { code, stdout } = await tributary(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ok {6}shop {2}postgres, PostgreSQL 18[^,]*, round trip/);
    expect(stdout).toContain('All sources answer.\n');
  });

  it('doctor plans the views', async () => {
    const views = 'views:\n  good: select 1 as a\n  stale: select * from lake.evnts\n';
    writeFileSync(
      join(workspace.directory, 'views.yaml'),
      `sources: { lake: { connector: duckdb-s3, root: lake } }\n${views}`,
    );
    const { code, stdout } = await tributary(['-c', 'views.yaml', 'doctor']);
    expect(stdout).toMatch(
      /FAILED {2}stale {2}view of the configuration\n +error: SQL\.UNKNOWN_TABLE: .*"evnts"/,
    );
    expect(stdout).toContain('fix: Did you mean lake.events?');
    expect(stdout).toContain('All sources answer. 1 of 2 views failed.');
    expect(code).toBe(2);
  });

  it('explain as text, JSON and Mermaid', async () => {
    const text = await tributary(['explain', '--analyze', federated]);
    expect(text.stderr).toBe('');
    expect(text.stdout).toMatch(/shop \(postgres\)/);
    expect(text.stdout).toMatch(/Run: 10 rows/);
    const json: { fragments: unknown[]; run?: unknown } = JSON.parse(
      (await tributary(['explain', '-F', 'json', federated])).stdout,
    );
    expect(json.fragments.length).toBeGreaterThan(1);
    expect(json.run).toBeUndefined();
    expect((await tributary(['explain', '-F', 'mermaid', federated])).stdout).toMatch(/^(flowchart|graph) /);
  });
});

describe('tributary init', () => {
  it('writes a configuration that loads, and never overwrites one unasked', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tributary-init-'));
    try {
      const env = { SHOP_PG_URL: 'postgres://nobody@127.0.0.1:1/none' };
      const made = await runCli(['init'], { cwd: directory, env: { TRIBUTARY_COMMAND: 'npm run it --' } });
      expect(made.stderr).toMatch(/^Wrote .*tributary\.yaml\.\n.*\n {2}npm run it -- doctor\n/);
      expect(made.code).toBe(0);
      const sources = await runCli(['sources'], { cwd: directory, env });
      expect(sources.stderr).toBe('');
      expect(sources.stdout).toContain('duckdb-s3');
      const file = join(directory, 'tributary.yaml');
      writeFileSync(file, '# mine');
      const again = await runCli(['init'], { cwd: directory });
      expect(again.code).toBe(2);
      expect(readFileSync(file, 'utf8')).toBe('# mine');
      expect((await runCli(['init', '--force'], { cwd: directory })).code).toBe(0);
      expect(readFileSync(file, 'utf8')).toContain('connector: postgres');
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('configurations', () => {
  it('need not be, when sources are named beside the command', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tributary-sources-'));
    try {
      writeFileSync(join(directory, 'kinds.csv'), 'country,kind\nJapan,far\nItaly,near\n');
      const sources = ['-s', 'mine=kinds.csv', '-s', `shop=${workspace.server.url}`];
      const sql =
        'select k.kind, count(*) > 0 as some from kinds k join shop.customers c using (country) group by 1 order by 1';
      const query = await runCli([...sources, 'query', sql, '-F', 'csv'], { cwd: directory });
      expect(query.stderr).toBe('');
      expect(query.stdout).toBe('kind,some\r\nfar,true\r\nnear,true\r\n');
      const wrong = await runCli(['-s', 'shop=postgres:nothing', 'doctor'], { cwd: directory });
      expect(wrong.stderr).toContain(
        'error[CONFIG.INVALID]: the command line: sources.shop.url: is not a URL',
      );
      expect(wrong.code).toBe(2);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('may be TypeScript', async () => {
    const file = join(workspace.directory, 'other', '..', 'typed.config.ts');
    writeFileSync(
      file,
      `const root: string = 'lake';\nexport default { sources: { lake: { connector: 'duckdb-s3', root } } };\n`,
    );
    const { code, stdout, stderr } = await tributary(['-c', 'typed.config.ts', 'tables']);
    rmSync(file);
    expect(stderr).toBe('');
    expect(stdout).toContain('lake.events');
    expect(code).toBe(0);
  });

  it('name the key and the line of what is wrong', async () => {
    writeFileSync(
      join(workspace.directory, 'bad.yaml'),
      'sources:\n  lake:\n    connector: duckdb-s3\n    rot: lake\n',
    );
    const option = await tributary(['-c', 'bad.yaml', 'tables']);
    expect(option.stderr).toContain('sources.lake does not know the key "rot"');
    expect(option.stderr).toContain('4 |     rot: lake');
    expect(option.stderr).toContain('did you mean: root');
    writeFileSync(join(workspace.directory, 'bad.yaml'), 'sources:\n  lake: { connector: postgrez }\n');
    const connector = await tributary(['-c', 'bad.yaml', 'tables']);
    expect(connector.stderr).toContain('error[CONFIG.UNKNOWN_CONNECTOR]');
    expect(connector.stderr).toContain('did you mean: postgres');
    expect(existsSync(join(workspace.directory, 'bad.yaml'))).toBe(true);
  });

  it('name the view that is no query, and the file that cannot be read', async () => {
    const sources = 'sources: { lake: { connector: duckdb-s3, root: lake } }\n';
    writeFileSync(
      join(workspace.directory, 'bad.yaml'),
      `${sources}views:\n  good: select 1\n  bad: selct 1\n`,
    );
    const view = await tributary(['-c', 'bad.yaml', 'tables']);
    expect(view.stderr).toContain('error[CONFIG.INVALID]: views.bad: syntax error at or near "selct"');
    expect(view.stderr).toContain('4 |   bad: selct 1\n    |        ^');
    expect(view.code).toBe(2);
    mkdirSync(join(workspace.directory, 'folder.yaml'));
    const folder = await tributary(['-c', 'folder.yaml', 'tables']);
    expect(folder.stderr).toContain('folder.yaml cannot be read: illegal operation on a directory.');
    expect(folder.code).toBe(2);
  });
});
