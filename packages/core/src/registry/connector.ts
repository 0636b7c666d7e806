import {
  type ConfigIssue,
  type Connector,
  type IFederatedDataSource,
  TributaryError,
  contractVersion,
  redact,
  secretsIn,
} from '@tributary/contract';
import { satisfies } from './version-range.js';

/**
 * Makes a source of a connector from options as a configuration gives them.
 * @throws TributaryError CONFIG.CONNECTOR_VERSION, or CONFIG.INVALID naming the key.
 */
export async function createSourceFromConnector<Options>(
  connector: Connector<Options>,
  sourceId: string,
  rawOptions: unknown,
): Promise<IFederatedDataSource> {
  checkConnectorVersion(connector, sourceId);
  const validation = await connector.configSchema['~standard'].validate(rawOptions);
  if (validation.issues !== undefined) {
    const problems = validation.issues.map((issue) => `${issueKey(sourceId, issue)}: ${issue.message}`);
    const message = `The options of source "${sourceId}" (${connector.name}) are invalid. ${problems.join('; ')}`;
    throw new TributaryError('CONFIG.INVALID', {
      message: redact(message, secretsIn(rawOptions, connector.fields)),
      sourceId,
      ...(validation.issues[0] && { object: issueKey(sourceId, validation.issues[0]) }),
    });
  }
  return connector.create(sourceId, validation.value);
}

function checkConnectorVersion(connector: Pick<Connector, 'name' | 'sdkVersion'>, sourceId: string): void {
  const { name, sdkVersion } = connector;
  const fits = satisfies(contractVersion, sdkVersion);
  if (fits === true) return;
  throw new TributaryError('CONFIG.CONNECTOR_VERSION', {
    message:
      fits === undefined
        ? `The connector "${name}" names its contract versions as "${sdkVersion}", which is no range such as ^${contractVersion}.`
        : `The connector "${name}" works with contract versions ${sdkVersion}; this engine speaks ${contractVersion}.`,
    sourceId,
    object: name,
  });
}

function issueKey(sourceId: string, issue: ConfigIssue): string {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  return ['sources', sourceId, ...path].join('.');
}
