import {
  type ConfigIssue,
  type Connector,
  type IFederatedDataSource,
  TributaryError,
  contractVersion,
} from '@tributary/contract';

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
    throw new TributaryError('CONFIG.INVALID', {
      message: `The options of source "${sourceId}" (${connector.name}) are invalid. ${problems.join('; ')}`,
      sourceId,
      ...(validation.issues[0] && { object: issueKey(sourceId, validation.issues[0]) }),
    });
  }
  return connector.create(sourceId, validation.value);
}

/** A connector fits when the major versions agree and it asks for no newer minor version than there is. */
function checkConnectorVersion(connector: Pick<Connector, 'name' | 'sdkVersion'>, sourceId: string): void {
  const [major, minor] = versionOf(contractVersion);
  const [wantedMajor, wantedMinor] = versionOf(connector.sdkVersion);
  if (wantedMajor === major && wantedMinor <= minor) return;
  throw new TributaryError('CONFIG.CONNECTOR_VERSION', {
    message:
      `The connector "${connector.name}" was built for contract version ${connector.sdkVersion}; ` +
      `this engine speaks ${contractVersion}.`,
    sourceId,
    object: connector.name,
  });
}

function versionOf(text: string): readonly [major: number, minor: number] {
  const match = /^(\d+)\.(\d+)/.exec(text);
  return match === null ? [Number.NaN, Number.NaN] : [Number(match[1]), Number(match[2])];
}

function issueKey(sourceId: string, issue: ConfigIssue): string {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  return ['sources', sourceId, ...path].join('.');
}
