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

/** The engine's own session is `default` without a password, come what may: it gets no more than it needs to listen. */
export function usersConfig(
  { user, password, host }: Account,
  profile: Readonly<Record<string, string>>,
): string {
  return `<clickhouse>
  <profiles><listener/><default>${elements(profile)}</default></profiles>
  <quotas><default/></quotas>
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
  </users>
</clickhouse>
`;
}

function elements(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<${name}>${text(value)}</${name}>`)
    .join('');
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
