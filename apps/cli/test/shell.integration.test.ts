import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bin, runCli } from './run-cli.js';
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

  it('explains, and runs the last statement without a semicolon too', async () => {
    const input = '\\explain select count(*) from shop.orders\nselect 3 as three';
    const { stdout } = await runCli(['shell'], { cwd: workspace.directory, env: workspace.env, input });
    expect(stdout).toContain('shop (postgres)');
    expect(stdout).toContain('three');
  });
});

/** The shell on a pseudo-terminal, which util-linux's `script` makes. */
class TerminalShell {
  readonly #child: ChildProcessWithoutNullStreams;
  #output = '';

  constructor() {
    this.#child = spawn('script', ['-qec', `"${process.execPath}" "${bin}" shell`, '/dev/null'], {
      cwd: workspace.directory,
      env: { ...process.env, ...workspace.env, TERM: 'xterm', COLUMNS: '200' },
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
    expect(readFileSync(join(workspace.directory, 'history'), 'utf8')).toMatch(/^select country\nfrom shop/);
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
