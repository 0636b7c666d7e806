import { parseArgs } from 'node:util';
import { type ProjectKind, projectKinds } from './templates.js';
import { UsageError } from './usage-error.js';

/** What the command line said; what it left open is asked for, or has a default. */
export type Command =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'create';
      readonly directory: string | undefined;
      readonly projectKind: ProjectKind | undefined;
      readonly packageName: string | undefined;
      readonly yes: boolean;
    };

export const usage = `npm create tributary-connector [directory] -- [options]

Writes a ready project for a Tributary connector of your own.

  --kind <plain|sql>   plain: an API of rows and simple filters (default)
                       sql: a database that speaks SQL
  --name <package>     the package's name, such as @acme/tributary-connector-weather
                       (default: tributary-connector-<directory>)
  -y, --yes            ask nothing
  -h, --help           this text
`;

/** @throws UsageError */
export function readCommandLine(args: readonly string[]): Command {
  const { values, positionals } = parsed(args);
  if (values.help === true) return { kind: 'help' };
  const [directory, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`One directory at a time, not ${positionals.join(' and ')}.`);
  return {
    kind: 'create',
    directory,
    projectKind: values.kind === undefined ? undefined : projectKind(values.kind),
    packageName: values.name,
    yes: values.yes === true,
  };
}

/** @throws UsageError when there is no such kind. */
export function projectKind(text: string): ProjectKind {
  const kind = projectKinds.find((known) => known === text);
  if (kind === undefined)
    throw new UsageError(`There is no kind "${text}"; say ${projectKinds.join(' or ')}.`);
  return kind;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        kind: { type: 'string' },
        name: { type: 'string' },
        yes: { type: 'boolean', short: 'y' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // parseArgs raises TypeErrors with a text for people.
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}
