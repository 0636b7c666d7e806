import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from './main.js';

let workingDirectory: string;

beforeEach(async () => {
  workingDirectory = await mkdtemp(join(tmpdir(), 'create-connector-'));
});

afterEach(() => rm(workingDirectory, { recursive: true, force: true }));

interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command; `answers` are what somebody types, one for each question, before he presses Ctrl-D. */
async function run(args: readonly string[], answers?: readonly string[]): Promise<Run> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const waiting = [...(answers ?? [])];
  let output = '';
  stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (!output.endsWith(']: ')) return;
    const answer = waiting.shift();
    if (answer === undefined) stdin.end();
    else stdin.write(`${answer}\n`);
  });
  const exitCode = await main(args, {
    stdin,
    stdout,
    stderr,
    interactive: answers !== undefined,
    workingDirectory,
  });
  return { exitCode, stdout: output, stderr: stderr.read()?.toString() ?? '' };
}

const projectFile = (...path: string[]): Promise<string> => readFile(join(workingDirectory, ...path), 'utf8');

describe('create-tributary-connector', () => {
  it.each(['plain', 'sql'])('writes a project of kind %s with no placeholder left', async (kind) => {
    const name = '@acme/tributary-connector-open-data';
    const { exitCode, stderr, stdout } = await run(['open', '--kind', kind, '--name', name]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('cd open\n');

    const entries = await readdir(join(workingDirectory, 'open'), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    expect(files.map((file) => file.name)).toEqual(
      expect.arrayContaining([
        'package.json',
        'tsconfig.json',
        'README.md',
        'LICENSE',
        '.gitignore',
        'ci.yml',
        'index.ts',
        'conformance.test.ts',
      ]),
    );
    for (const file of files) {
      expect(await readFile(join(file.parentPath, file.name), 'utf8'), file.name).not.toMatch(/\$[a-z]+\$/i);
    }
    expect(JSON.parse(await projectFile('open', 'package.json'))).toMatchObject({
      name,
      keywords: expect.arrayContaining(['tributary-connector']),
    });
    expect(await projectFile('open', 'src', 'index.ts')).toContain("name: 'open-data'");
  });

  it('asks for what was not said', async () => {
    const { exitCode, stdout } = await run([], ['weather', 'sql', '']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Package name [tributary-connector-weather]: ');
    expect(JSON.parse(await projectFile('weather', 'package.json'))).toMatchObject({
      name: 'tributary-connector-weather',
    });
  });

  it('writes nothing where the answers end', async () => {
    const { exitCode, stderr } = await run([], ['weather']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '\nNothing was written.\n' });
    expect(await readdir(workingDirectory)).toEqual([]);
  });

  it('asks nothing where everything was said', async () => {
    const { exitCode, stdout } = await run(['weather', '--yes'], []);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain(']: ');
  });

  it('takes an empty directory, and one that holds only a repository', async () => {
    await mkdir(join(workingDirectory, 'weather', '.git'), { recursive: true });
    expect(await run(['weather'])).toMatchObject({ exitCode: 0 });
  });

  it('refuses a directory that holds anything, and leaves it as it is', async () => {
    await mkdir(join(workingDirectory, 'weather'));
    await writeFile(join(workingDirectory, 'weather', 'notes.txt'), 'mine');
    const { exitCode, stderr } = await run(['weather']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/is not empty \(it holds notes\.txt\)/);
    expect(await readdir(join(workingDirectory, 'weather'))).toEqual(['notes.txt']);
  });

  it('refuses a file where the directory should be', async () => {
    await writeFile(join(workingDirectory, 'weather'), 'mine');
    const { exitCode, stderr } = await run(['weather']);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/is a file/) });
  });

  it.each([
    ['no directory where nobody can be asked', [], /Name the directory/],
    ['an unknown kind', ['x', '--kind', 'graph'], /no kind "graph"; say plain or sql/],
    ['an unknown option', ['x', '--colour', 'red'], /--colour/],
    ['two directories', ['x', 'y'], /x and y/],
    ['a bad name', ['x', '--name', 'Weather'], /no package name/],
    ['a directory that gives no name', ['123'], /leaves no name/],
  ])('refuses %s, and writes nothing', async (_, args, message) => {
    const { exitCode, stderr } = await run(args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(await readdir(workingDirectory)).toEqual([]);
  });

  it('prints its usage', async () => {
    expect(await run(['--help'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('--kind') });
  });
});
