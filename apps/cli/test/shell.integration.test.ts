import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bin, runCli, runProgram } from './run-cli.js';
import { type Workspace, createWorkspace } from './workspace.js';

let workspace: Workspace;

beforeAll(async () => {
  workspace = await createWorkspace();
});

afterAll(() => workspace[Symbol.asyncDispose]());

describe('tributary shell, from a pipe', () => {
  it('runs statements and commands, several a line or over several lines', async () => {
    const input = String.raw`\format csv
select 1 as one; select ';' as semicolon;
select count(*) as n
  from shop.orders; -- done
\d lake.events
\q
select 'never' as n;
`;
    const { code, stdout } = await runCli(['shell'], { cwd: workspace.directory, env: workspace.env, input });
    expect(stdout).toMatch(/^one\r\n1\r\nsemicolon\r\n;\r\nn\r\n60000\r\n column +\| type/);
    expect(stdout).toContain('event_time');
    expect(stdout).not.toContain('never');
    expect(code).toBe(0);
  });

  it('goes on after an error and tells it in the exit code', async () => {
    const input = 'select nonsense;\n\\nonsense\nselect 2 as two;\n';
    const { code, stdout, stderr } = await runCli(['shell'], {
      cwd: workspace.directory,
      env: workspace.env,
      input,
    });
    expect(stderr).toContain('error[SQL.BIND]');
    expect(stderr).toContain(String.raw`\nonsense is no command`);
    expect(stdout).toContain('two');
    expect(code).not.toBe(0);
  });

  it('ends quietly when the reader of stdout has enough', async () => {
    const input = 'select i from generate_series(1, 500000) t(i); select 2 as n; select 3';
    const command = `echo '${input}' | "${process.execPath}" "${bin}" shell | head -n 1; echo "\${PIPESTATUS[1]}"`;
    const { stdout, stderr } = await runProgram('bash', ['-c', command], {
      cwd: workspace.directory,
      env: workspace.env,
    });
    expect(stdout).toBe('    i\n0\n');
    expect(stderr).toBe('');
  });

  it('explains, and runs the last statement without a semicolon too', async () => {
    const input = '\\explain select count(*) from shop.orders\nselect 3 as three';
    const { stdout } = await runCli(['shell'], { cwd: workspace.directory, env: workspace.env, input });
    expect(stdout).toContain('shop (postgres)');
    expect(stdout).toContain('three');
  });
});

describe('what users of psql and of DuckDB type', () => {
  it('runs, from a file too', async () => {
    writeFileSync(
      join(workspace.directory, 'script.sql'),
      "-- two statements\nselect 'from'\n  as \"file\";\n.mode csv\nselect 'a  b' as spaces",
    );
    const input = String.raw`.tables
\d lake;
\x
explain select count(*) from shop.orders;
create view v as select 1 as a; from v;
\i script.sql
\i nowhere.sql
exit;
select 'never' as n;
`;
    const { code, stdout, stderr } = await runCli(['shell'], {
      cwd: workspace.directory,
      env: workspace.env,
      input,
    });
    const [, tables = '', ofLake = ''] = stdout.split(/^ table .*\n/m);
    expect(tables).toContain('shop.public.orders');
    expect(ofLake).toMatch(/^-+\+.*\n lake\.events /);
    expect(ofLake).not.toContain('shop.public.orders');
    expect(ofLake).toContain('shop (postgres)');
    expect(stdout).toMatch(/^-\[ row 1 \]-+\n a \| 1\n-\[ row 1 \]-+\n file \| from\nspaces\r\na {2}b\r\n$/m);
    expect(stdout).not.toContain('never');
    expect(stderr).toMatch(/\(done in .*\)\n\(1 row in .*\)\n/);
    expect(stderr).toContain('error: nowhere.sql cannot be read: no such file or directory.');
    expect(code).toBe(2);
  });
});

/** The shell on a pseudo-terminal, which util-linux's `script` makes. */
class TerminalShell {
  readonly #child: ChildProcessWithoutNullStreams;
  #output = '';

  constructor(columns = 200) {
    const command = `stty cols ${columns}; exec "${process.execPath}" "${bin}" shell`;
    this.#child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd: workspace.directory,
      env: { ...process.env, ...workspace.env, TERM: 'xterm' },
    });
    this.#child.stdout.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Waits until the text shows up in what came since the last call. */
  async see(text: string | RegExp): Promise<string> {
    const deadline = performance.now() + 30_000;
    for (;;) {
      const at = this.#output.search(
        text instanceof RegExp ? text : new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)),
      );
      if (at >= 0) {
        const seen = this.#output.slice(0, at + 1);
        this.#output = this.#output.slice(at + 1);
        return seen;
      }
      if (performance.now() > deadline) throw new Error(`Waited for ${String(text)}; saw ${this.#output}`);
      await sleep(20);
    }
  }

  async end(): Promise<number | null> {
    if (this.#child.exitCode === null) await new Promise((done) => this.#child.once('close', done));
    return this.#child.exitCode;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

describe('tributary shell, on a terminal', () => {
  let shell: TerminalShell | undefined;

  afterEach(() => shell?.kill());

  it('prompts, continues, completes and remembers', async () => {
    shell = new TerminalShell();
    await shell.see('tributary> ');
    shell.type('select country\r');
    await shell.see('...> ');
    shell.type('from shop.cust\t');
    await shell.see('shop.customers');
    shell.type(' where countr\t');
    await shell.see('country');
    shell.type(" = 'Brazil' limit 1;\r");
    await shell.see('Brazil');
    await shell.see(/\(1 row in .*\)/);
    await shell.see('tributary> ');
    shell.type('\\d shop.public.cust\t');
    await shell.see('shop.public.customers');
    shell.type('\r');
    await shell.see('country');
    await shell.see('tributary> ');
    shell.type('\u0004');
    expect(await shell.end()).toBe(0);
    expect(readFileSync(join(workspace.directory, 'history'), 'utf8')).toMatch(
      /^select country from shop\.customers where country = 'Brazil' limit 1;\n\\d shop/,
    );
  });

  it('cuts a table to the terminal, or shows records', async () => {
    shell = new TerminalShell(60);
    await shell.see('tributary> ');
    shell.type("select 1 as id, repeat('text ', 20) as long;\r");
    await shell.see(/ (?:text ){10}te…/);
    await shell.see('tributary> ');
    shell.type("select 1 as id, repeat('a ', 20) as x, repeat('b ', 20) as y, repeat('c ', 20) as z;\r");
    await shell.see('─[ row 1 ]');
    await shell.see(/id\S* \S*│\S* 1\r\n/);
    shell.type('\u0004');
    expect(await shell.end()).toBe(0);
  });

  it('stops a statement on Ctrl-C, and lives on', async () => {
    shell = new TerminalShell();
    await shell.see('tributary> ');
    shell.type('select s from shop.slow;\r');
    await waitForSlow(1);
    shell.type('\u0003');
    await shell.see('QUERY.CANCELLED');
    await waitForSlow(0);
    await shell.see('tributary> ');
    shell.type('select 40 + 2 as answer;\r');
    await shell.see('42');
    shell.type('select half a line\u0003');
    await shell.see('^C');
    await shell.see('tributary> ');
    shell.type('\\q\r');
    expect(await shell.end()).toBe(0);
  });
});

async function waitForSlow(wanted: number): Promise<void> {
  for (;;) {
    const rows = await workspace.sql(
      `select 1 from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and query like '%slow%'`,
    );
    if (rows.length === wanted) return;
    await sleep(50);
  }
}
