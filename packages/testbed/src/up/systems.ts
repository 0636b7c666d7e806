import { fileURLToPath } from 'node:url';
import { startPostgres } from '@tributary/embedded-postgres';
import { startClickhouse } from '../clickhouse/start-clickhouse.js';
import { startMariadb } from '../mariadb/start-mariadb.js';
import { startMysql } from '../mysql/start-mysql.js';

/** A server as the command needs it. */
export interface StartedServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

export interface System {
  readonly title: string;
  /** What stands behind `connector:` in a configuration file. */
  readonly connector: string;
  start(database: string): Promise<StartedServer>;
}

/** What `testbed up` can start, by the name that is also the source's id. */
export const systems = {
  postgres: {
    title: 'PostgreSQL',
    connector: 'postgres',
    start: (database) => startPostgres({ database }),
  },
  mysql: {
    title: 'MySQL',
    connector: connectorOfTree('mysql'),
    start: (database) => startMysql({ database }),
  },
  mariadb: {
    title: 'MariaDB',
    connector: connectorOfTree('mysql'),
    start: (database) => startMariadb({ database }),
  },
  clickhouse: {
    title: 'ClickHouse',
    connector: connectorOfTree('clickhouse'),
    start: (database) => startClickhouse({ database }),
  },
} as const satisfies Readonly<Record<string, System>>;

export type SystemName = keyof typeof systems;

export function isSystemName(name: string): name is SystemName {
  return name in systems;
}

export const systemNames = Object.keys(systems).filter(isSystemName);

/** The command line of the tree does not depend on every connector of the tree: those are named by their file. */
function connectorOfTree(name: string): string {
  return fileURLToPath(new URL(`../../../../connectors/${name}/dist/index.js`, import.meta.url));
}
