import { createRequire } from 'node:module';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { CommandRun } from './commands/command-context.js';
import { sourceHelp } from './config/command-line-sources.js';
import { exitCodesHelp } from './errors/exit-codes.js';
import { outputFormats } from './output/output-format.js';
import type { GlobalOptions } from './session.js';
import { parseDuration } from './statement/duration.js';
import { parameterHelp } from './statement/parameters.js';

/** Runs a command's work with the global options; how it ends is the caller's to say. */
export type Invoke = <Options>(
  run: CommandRun<Options>,
  options: Options,
  global: GlobalOptions,
) => Promise<void>;

const pushdownModes = ['auto', 'off', 'require'] as const;
const explainFormats = ['text', 'json', 'mermaid'] as const;

/** The command line. Commands are loaded when they run, so that help does not wait for the engine. */
export function buildProgram(invoke: Invoke): Command {
  const program = new Command('tributary')
    .description('One SQL statement over PostgreSQL, Parquet lakes and whatever else has tables.')
    .version(version(), '-V, --version')
    .option(
      '-c, --config <file>',
      'configuration (default: tributary.yaml or tributary.config.ts, here or above)',
    )
    .addOption(new Option('-s, --source <id=location>', sourceHelp).argParser(collect).default([], 'none'))
    .showHelpAfterError('(tributary --help shows what there is)')
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .addHelpCommand(helpCommand())
    .exitOverride()
    .addHelpText('after', `\n${overview}\n\n${exitCodesHelp}`);
  const act =
    <Options extends object>(load: () => Promise<CommandRun<Options>>, argumentName?: string) =>
    async (...received: unknown[]): Promise<void> => {
      const command = received.at(-1);
      if (!(command instanceof Command)) throw new TypeError('commander passes the command last');
      const argument = argumentName === undefined ? {} : { [argumentName]: received[0] };
      const options: Options = { ...command.opts<Options>(), ...argument };
      await invoke(await load(), options, program.opts<GlobalOptions>());
    };
  addQuestions(program, act);
  addLookingAround(program, act);
  addGettingStarted(program, act);
  return program;
}

type Act = <Options extends object>(
  load: () => Promise<CommandRun<Options>>,
  argumentName?: string,
) => (...received: unknown[]) => Promise<void>;

function addQuestions(program: Command, act: Act): void {
  statementCommand(program, 'query', 'run a statement and print the rows')
    .addOption(
      new Option('-F, --format <format>', 'default: by the name of --output, else table').choices(
        outputFormats,
      ),
    )
    .option('-o, --output <file>', 'write there; the file appears only when it is whole')
    .addOption(pushdownOption())
    .addHelpText('after', queryExamples)
    .action(act(async () => (await import('./commands/query.js')).runQuery, 'sql'));
  statementCommand(program, 'explain', 'show what runs where, and why')
    .option('-a, --analyze', 'run it, and show actual rows, bytes and times', false)
    .addOption(new Option('-F, --format <format>', 'how to show it').choices(explainFormats).default('text'))
    .addOption(pushdownOption())
    .addHelpText('after', explainExamples)
    .action(act(async () => (await import('./commands/explain.js')).runExplain, 'sql'));
  statementCommand(program, 'verify', 'check that pushing work into the sources does not change the answer')
    .addHelpText('after', verifyHelp)
    .action(act(async () => (await import('./commands/verify.js')).runVerify, 'sql'));
}

function addLookingAround(program: Command, act: Act): void {
  program.commandsGroup('Looking around:');
  program
    .command('sources')
    .description('list the configured sources')
    .action(act(async () => (await import('./commands/sources.js')).runSources));
  program
    .command('tables')
    .argument('[source]', 'only this source')
    .description('list the tables of all sources, or of one')
    .action(act(async () => (await import('./commands/tables.js')).runTables, 'source'));
  program
    .command('describe')
    .argument('<table>', 'such as shop.public.orders, or lake.events')
    .description('show the columns of a table')
    .action(act(async () => (await import('./commands/describe.js')).runDescribe, 'table'));
  program
    .command('doctor')
    .description('reach every source; say what is wrong and how to mend it')
    .option('-t, --timeout <duration>', 'for each source (default: 10s)', asOption(parseDuration))
    .action(act(async () => (await import('./commands/doctor.js')).runDoctor));
}

function addGettingStarted(program: Command, act: Act): void {
  program.commandsGroup('Working and getting started:');
  program
    .command('shell')
    .description('ask interactively, with history and completion')
    .addHelpText('after', '\nInside it, \\? lists the commands.')
    .action(act(async () => (await import('./shell/run-shell.js')).runShell));
  program
    .command('demo')
    .description('see a federated query at work: a PostgreSQL and a lake of its own, removed afterwards')
    .action(act(async () => (await import('./demo/run-demo.js')).runDemo));
  program
    .command('init')
    .description('write a commented tributary.yaml')
    .option('--force', 'overwrite one that exists', false)
    .action(act(async () => (await import('./commands/init.js')).runInit));
}

function helpCommand(): Command {
  return new Command('help')
    .argument('[command]')
    .description('show the help of a command')
    .helpOption(false)
    .helpGroup('Working and getting started:');
}

function statementCommand(program: Command, name: string, description: string): Command {
  program.commandsGroup('Asking:');
  return program
    .command(name)
    .description(description)
    .addArgument(new Argument('[sql]', 'the statement; without it, -f or stdin'))
    .option('-f, --file <file>', 'read the statement from a file (- is stdin)')
    .addOption(
      new Option(
        '-p, --param <value>',
        'a parameter: name=value, or the next of $1, $2 ... (repeat it for more)',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .option('-t, --timeout <duration>', 'for the whole statement: 500ms, 30s, 5m', asOption(parseDuration));
}

function pushdownOption(): Option {
  return new Option(
    '--pushdown <mode>',
    'auto: all that is safe and worth it; off: nothing; require: everything, or an error',
  )
    .choices(pushdownModes)
    .default('auto');
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

/** Lets commander name the option that a value is wrong for. */
function asOption<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}

function version(): string {
  const manifest: { readonly version: string } = createRequire(import.meta.url)('../package.json');
  return manifest.version;
}

const overview = `First steps:
  $ tributary demo                        see it work, with nothing to configure
  $ tributary -s lake=./data shell        ask files of yours, with nothing to configure either
  $ tributary init                        write tributary.yaml, then edit its sources
  $ tributary doctor                      is every source reached?
  $ tributary tables                      what is there to ask?
  $ tributary query "select count(*) from shop.public.orders"
  $ tributary shell

Tables are named by source: shop.public.orders, lake.events.
The rows go to stdout, everything else to stderr. NO_COLOR is respected.`;

const queryExamples = `
Examples:
  $ tributary query 'select * from shop.orders where total > $1 limit 5' -p 100
  $ tributary query -f report.sql -p since=2024-01-01 -o report.parquet
  $ echo "select 42 as answer" | tributary query -F json
  $ tributary shell < script.sql                   several statements, one after the other

${parameterHelp}`;

const explainExamples = `
Examples:
  $ tributary explain "select ..."                 the plan, without running it
  $ tributary explain --analyze -f report.sql      with what really happened
  $ tributary explain -F mermaid -f report.sql > plan.mmd`;

const verifyHelp = `
Runs the statement as planned and again with nothing pushed, and compares the rows as multisets (floats to nine
digits) in constant memory. Where they differ it prints the first such rows and looks for the piece to blame.
The unpushed run reads whole tables: mind their size.`;
