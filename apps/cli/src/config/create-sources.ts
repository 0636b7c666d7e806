import { dirname, resolve } from 'node:path';
import { type ConfigIssue, type Connector, type IFederatedDataSource, secretsIn } from '@tributary/contract';
import { createSourceFromConnector } from '@tributary/core';
import type { LoadedConfig, LoadedSource } from './config-types.js';
import { findConnector } from './find-connector.js';
import { issueError, pathOf, schemaKeys } from './schema-issues.js';

type Options = Readonly<Record<string, unknown>>;
type Fields = NonNullable<Connector['fields']>;

/**
 * The configuration's sources, not yet connected.
 * @throws TributaryError CONFIG.*, with the place of an option that its connector refuses.
 */
export function createSources(
  config: LoadedConfig,
  env: NodeJS.ProcessEnv = process.env,
): Promise<IFederatedDataSource[]> {
  return Promise.all(config.sources.map((source) => createSource(config, source, env)));
}

async function createSource(
  config: LoadedConfig,
  source: LoadedSource,
  env: NodeJS.ProcessEnv,
): Promise<IFederatedDataSource> {
  const connector = await findConnector(config, source);
  const options = await checkedOptions(config, source, connector, env);
  return createSourceFromConnector(connector, source.id, options);
}

async function checkedOptions(
  config: LoadedConfig,
  source: LoadedSource,
  connector: Connector,
  env: NodeJS.ProcessEnv,
): Promise<Options> {
  const { fields, configSchema } = connector;
  const known = fields === undefined ? schemaKeys(configSchema) : keysBelow(fields, '');
  const directory = dirname(config.file);
  // A connector that takes paths has this option for the folder that they are relative to.
  const base = known.includes('baseDirectory') ? { baseDirectory: directory } : {};
  let options: Options = { ...base, ...completed(source.options, fields, directory, env) };
  let issues = await issuesOf(connector, options);
  if (issues.length > 0) {
    options = withSpeltValues(options, issues);
    issues = await issuesOf(connector, options);
  }
  if (issues.length === 0) return options;
  const keysAt = (path: readonly PropertyKey[]): readonly string[] =>
    path.length === 2 ? known : keysBelow(fields ?? {}, `${path.slice(2).map(String).join('.')}.`);
  throw issueError(config, issues, keysAt, ['sources', source.id], secretsIn(options, fields));
}

/** The keys of the options, or of the one whose path is the prefix. */
function keysBelow(fields: Fields, prefix: string): readonly string[] {
  const below = Object.keys(fields).filter((path) => path.startsWith(prefix));
  return below.map((path) => path.slice(prefix.length)).filter((key) => !key.includes('.'));
}

/** The options with those that the environment holds, and with paths that hold wherever the command was started. */
function completed(
  options: Options,
  fields: Fields = {},
  directory: string,
  env: NodeJS.ProcessEnv,
): Options {
  const filled = Object.entries(fields).map(([key, { env: variable, file }]) => {
    const fromEnv = variable === undefined ? undefined : env[variable];
    const value = options[key] ?? (fromEnv === '' ? undefined : fromEnv);
    return [key, file === true && typeof value === 'string' ? resolve(directory, value) : value] as const;
  });
  return { ...options, ...Object.fromEntries(filled.filter(([, value]) => value !== undefined)) };
}

async function issuesOf(connector: Connector, options: Options): Promise<readonly ConfigIssue[]> {
  const { issues } = await connector.configSchema['~standard'].validate(options);
  return issues ?? [];
}

/**
 * Environment variables are text, and only the connector knows that a port is a number: where it refuses text that spells a
 * number or a boolean, it gets the value.
 */
function withSpeltValues(options: Options, issues: readonly ConfigIssue[]): Options {
  return issues.reduce((changed, issue) => replaced(changed, pathOf(issue)), options);
}

function replaced(options: Options, [key, ...rest]: readonly PropertyKey[]): Options {
  if (key === undefined) return options;
  const value = options[String(key)];
  if (rest.length > 0) {
    return isRecord(value) ? { ...options, [String(key)]: replaced(value, rest) } : options;
  }
  return typeof value === 'string' ? { ...options, [String(key)]: speltValue(value) } : options;
}

function speltValue(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function isRecord(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
