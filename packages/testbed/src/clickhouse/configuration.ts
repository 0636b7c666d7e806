/**
 * A Python program that turns the engine's library into a server.
 *
 * `chdb_query_cmdline` is clickhouse-local's main function. Its last statement reads standard input, and so it listens
 * until that ends, which it does when whoever started it dies.
 */
export const launcher = `
import ctypes, sys
engine = ctypes.CDLL(sys.argv[1])
engine.chdb_query_cmdline.restype = ctypes.c_void_p
engine.chdb_result_error.restype = ctypes.c_char_p
query = "SYSTEM START LISTEN HTTP; SELECT * FROM file('-', 'LineAsString', 'line String') FORMAT Null"
arguments = [b'clickhouse', *(argument.encode() for argument in sys.argv[2:]), b'--query', query.encode()]
result = engine.chdb_query_cmdline(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments))
error = engine.chdb_result_error(ctypes.c_void_p(result))
sys.exit(error and error.decode())
`;

interface ServerConfig {
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
}

export function serverConfig({ directory, host, port, settings }: ServerConfig): string {
  return `<clickhouse>
  <path>${text(`${directory}/data/`)}</path>
  <users_config>${text(`${directory}/users.xml`)}</users_config>
  <listen_host>${host}</listen_host>
  <http_port>${port}</http_port>
  <access_control_improvements>
    <select_from_system_db_requires_grant>true</select_from_system_db_requires_grant>
    <select_from_information_schema_requires_grant>true</select_from_information_schema_requires_grant>
  </access_control_improvements>
  <query_log>
    <database>system</database>
    <table>query_log</table>
    <flush_interval_milliseconds>200</flush_interval_milliseconds>
  </query_log>
  ${elements(settings)}
</clickhouse>
`;
}

interface Account {
  readonly user: string;
  readonly password: string;
  readonly host: string;
}

/** A further user, whose password is that of the first one. */
export interface ClickhouseUser {
  /** Query settings of its profile, e.g. `{ readonly: '1' }`. */
  readonly profile?: Readonly<Record<string, string>>;
  /** Constraints of its profile, e.g. `{ max_threads: { max: '4' }, final: { readonly: '' } }`. */
  readonly constraints?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** All that it may do, e.g. `['GRANT SELECT ON shop.*']`. Default: everything. */
  readonly grants?: readonly string[];
  /** Limits of an hour, e.g. `{ queries: '10' }`. */
  readonly quota?: Readonly<Record<string, string>>;
}

/** The engine's own session is `default` without a password, come what may: it gets no more than it needs to listen. */
export function usersConfig(
  { user, password, host }: Account,
  profile: Readonly<Record<string, string>>,
  users: Readonly<Record<string, ClickhouseUser>> = {},
): string {
  const others = Object.entries(users);
  return `<clickhouse>
  <profiles><listener/><default>${elements(profile)}</default>${others.map(profileOf).join('')}</profiles>
  <quotas><default/>${others.map(quotaOf).join('')}</quotas>
  <users>
    <default>
      <password/>
      <networks><ip>::1</ip></networks>
      <profile>listener</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN, FILE, CREATE TEMPORARY TABLE ON *.*</query>
      </grants>
    </default>
    <${user}>
      <password>${text(password)}</password>
      <networks><ip>${host}</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <access_management>1</access_management>
    </${user}>
    ${others.map(([name, { grants }]) => userOf(name, { password, host }, grants)).join('')}
  </users>
</clickhouse>
`;
}

function profileOf([name, { profile = {}, constraints = {} }]: readonly [string, ClickhouseUser]): string {
  const limits = Object.entries(constraints).map(([key, each]) => `<${key}>${elements(each)}</${key}>`);
  return `<${name}>${elements(profile)}<constraints>${limits.join('')}</constraints></${name}>`;
}

function quotaOf([name, { quota = {} }]: readonly [string, ClickhouseUser]): string {
  return `<${name}><interval><duration>3600</duration>${elements(quota)}</interval></${name}>`;
}

function userOf(
  name: string,
  { password, host }: Omit<Account, 'user'>,
  grants: readonly string[] = [],
): string {
  const rights = grants.map((query) => `<query>${text(query)}</query>`);
  const granted = rights.length === 0 ? '' : `<grants>${rights.join('')}</grants>`;
  const login = `<password>${text(password)}</password><networks><ip>${host}</ip></networks>`;
  return `<${name}>${login}<profile>${name}</profile><quota>${name}</quota>${granted}</${name}>`;
}

function elements(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<${name}>${text(value)}</${name}>`)
    .join('');
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
