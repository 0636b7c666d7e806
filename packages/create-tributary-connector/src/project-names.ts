import { UsageError } from './usage-error.js';

/** The names under which one connector goes. */
export interface ProjectNames {
  /** As npm knows it: `@acme/tributary-connector-weather`. */
  readonly packageName: string;
  /** As configurations and EXPLAIN show it: `weather`. */
  readonly connectorName: string;
  /** As a JavaScript identifier: `weather`, `myWeather`. */
  readonly identifier: string;
  /** As a type's name: `Weather`, `MyWeather`. */
  readonly typeName: string;
}

const prefix = 'tributary-connector-';

/** npm's limit for the whole name, scope included. */
const longestName = 214;

/** What a project in a directory of this name is called when nobody says otherwise. */
export function defaultPackageName(directoryName: string): string {
  const slug = directoryName
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return slug.startsWith(prefix) ? slug : `${prefix}${slug}`;
}

/**
 * Derives all names from the package's.
 * @throws UsageError where npm would not take it, where no connector's name can be read off it, or where it is one of ours.
 */
export function projectNames(packageName: string): ProjectNames {
  if (packageName.length > longestName) {
    throw new UsageError(`The package name is longer than npm's ${longestName} characters.`);
  }
  const match = /^(?:@(?<scope>[a-z0-9][a-z0-9._-]*)\/)?(?<base>[a-z0-9][a-z0-9._-]*)$/.exec(packageName);
  const { scope, base } = match?.groups ?? {};
  if (base === undefined) {
    throw new UsageError(
      `"${packageName}" is no package name: npm takes lower-case letters, digits, "-", "_" and ".", with an optional @scope/ before them.`,
    );
  }
  if (scope === 'tributary') {
    throw new UsageError(
      'The scope @tributary is for the connectors that come with Tributary; use your own.',
    );
  }
  const words = (base.startsWith(prefix) ? base.slice(prefix.length) : base)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const connectorName = words.join('-');
  if (!/^[a-z]/.test(connectorName)) {
    throw new UsageError(
      `"${packageName}" leaves no name for the connector: after "${prefix}" it needs a part that begins with a letter, as in ${prefix}weather.`,
    );
  }
  const typeName = words.map(capitalised).join('');
  return {
    packageName,
    connectorName,
    identifier: `${typeName.charAt(0).toLowerCase()}${typeName.slice(1)}`,
    typeName,
  };
}

function capitalised(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
