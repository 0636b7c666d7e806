import { dirname } from 'node:path';
import type { ConfigIssue, Connector, IFederatedDataSource } from '@tributary/contract';
import { createSourceFromConnector } from '@tributary/core';
import type { LoadedConfig, LoadedSource } from './config-types.js';
import { findConnector } from './find-connector.js';
import { issueError, pathOf, schemaKeys } from './schema-issues.js';

type Options = Readonly<Record<string, unknown>>;

/**
 * The configuration's sources, not yet connected.
 * @throws TributaryError CONFIG.*, with the place of an option that its connector refuses.
 */
export function createSources(config: LoadedConfig): Promise<IFederatedDataSource[]> {
  return Promise.all(config.sources.map((source) => createSource(config, source)));
}

async function createSource(config: LoadedConfig, source: LoadedSource): Promise<IFederatedDataSource> {
  const connector = await findConnector(config, source);
  const options = await checkedOptions(config, source, connector);
  return createSourceFromConnector(connector, source.id, options);
}

async function checkedOptions(
  config: LoadedConfig,
  source: LoadedSource,
  connector: Connector<never>,
): Promise<Options> {
  const known = schemaKeys(connector.configSchema);
  // A connector that takes paths has this option for the folder that they are relative to.
  const base = known.includes('baseDirectory') ? { baseDirectory: dirname(config.file) } : {};
  let options: Options = { ...base, ...source.options };
  let issues = await issuesOf(connector, options);
  if (issues.length > 0) {
    options = withSpeltValues(options, issues);
    issues = await issuesOf(connector, options);
  }
  if (issues.length === 0) return options;
  throw issueError(config, issues, (path) => (path.length === 2 ? known : []), ['sources', source.id]);
}

async function issuesOf(connector: Connector<never>, options: Options): Promise<readonly ConfigIssue[]> {
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
