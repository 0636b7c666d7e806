import { basename, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type Command, projectKind, readCommandLine, usage } from './command-line.js';
import { type ProjectOptions, createProject } from './create-project.js';
import { defaultPackageName, projectNames } from './project-names.js';
import { UsageError } from './usage-error.js';

/** What the command talks to. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Whether somebody is there to answer. */
  readonly interactive: boolean;
  readonly workingDirectory: string;
}

/** Runs the command line; resolves to the process's exit code. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const command = readCommandLine(args);
    if (command.kind === 'help') {
      terminal.stdout.write(usage);
      return 0;
    }
    const options = await completed(command, terminal);
    await createProject(options);
    terminal.stdout.write(nextSteps(options, terminal.workingDirectory));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.stderr.write(`${error.message}\n`);
    return 2;
  }
}

type CreateCommand = Extract<Command, { readonly kind: 'create' }>;

/** Asks for what was left open where somebody is there to answer, and takes the default elsewhere. */
async function completed(command: CreateCommand, terminal: Terminal): Promise<ProjectOptions> {
  using prompt = command.yes || !terminal.interactive ? undefined : openPrompt(terminal);
  const answer = async (question: string, fallback: string): Promise<string> =>
    (await prompt?.ask(question, fallback)) ?? fallback;

  if (command.directory === undefined && prompt === undefined) {
    throw new UsageError(`Name the directory of the new project.\n\n${usage}`);
  }
  const path = command.directory ?? (await answer('Directory', 'my-source'));
  const directory = resolve(terminal.workingDirectory, path);
  const kind =
    command.projectKind ?? projectKind(await answer('Kind (plain: an API; sql: a database)', 'plain'));
  const packageName =
    command.packageName ?? (await answer('Package name', defaultPackageName(basename(directory))));
  return { directory, kind, names: projectNames(packageName) };
}

interface Prompt extends Disposable {
  ask(question: string, fallback: string): Promise<string>;
}

function openPrompt({ stdin, stdout }: Terminal): Prompt {
  const readline = createInterface({ input: stdin, output: stdout });
  // An open question is never answered once the input has ended.
  const ended = new AbortController();
  readline.once('close', () => ended.abort());
  return {
    async ask(question, fallback) {
      const text = await readline
        .question(`${question} [${fallback}]: `, { signal: ended.signal })
        .catch((cause: unknown) => {
          throw ended.signal.aborted ? new UsageError('\nNothing was written.') : cause;
        });
      return text.trim() || fallback;
    },
    [Symbol.dispose]: () => readline.close(),
  };
}

function nextSteps({ directory, names }: ProjectOptions, workingDirectory: string): string {
  const path = relative(workingDirectory, directory);
  const enter = path === '' ? '' : `  cd ${path.startsWith('..') ? directory : path}\n`;
  return `Wrote ${names.packageName} to ${directory}

${enter}  npm install
  npm test          # the conformance suite, against your source
  npm run build

README.md says where to go from there.
`;
}
