import type {
  CallContext,
  ExecuteContext,
  RemoteTableName,
  RemoteTableSchema,
  SourceHealth,
  TableStatistics,
} from '@tributary/connector-sdk';
import type { Answer } from '@tributary/connector-sdk/results';
import type { SqlDriver, SqlStatement } from '@tributary/connector-sdk/sql';
import { describeTable } from './discovery/describe-table.js';
import { listTables } from './discovery/list-tables.js';
import { tablePath } from './discovery/table-path.js';
import { runStatement } from './execute/run-statement.js';
import { Server } from './execute/server.js';
import { checkHealth } from './health.js';
import type { ClickhouseOptions } from './options.js';
import { measureTable } from './statistics/table-statistics.js';

/** What the SDK asks of ClickHouse. */
export class ClickhouseDriver implements SqlDriver {
  readonly #options: ClickhouseOptions;
  readonly #server: Server;

  constructor(options: ClickhouseOptions) {
    this.#options = options;
    this.#server = new Server(options);
  }

  listTables(ctx: CallContext): Promise<readonly RemoteTableName[]> {
    const { databases = [], server } = this.#options;
    return listTables(this.#server, databases, server.database, ctx);
  }

  async describeTable(path: readonly string[], ctx: CallContext): Promise<RemoteTableSchema | undefined> {
    const parsed = tablePath(path);
    return parsed && describeTable(this.#server, parsed, this.#options, ctx);
  }

  tableStatistics(schema: RemoteTableSchema, ctx: CallContext): Promise<TableStatistics | undefined> {
    return measureTable(this.#server, schema, ctx);
  }

  run(statement: SqlStatement, ctx: ExecuteContext): Promise<Answer> {
    return runStatement(this.#server, statement, this.#options.compression, ctx);
  }

  checkHealth(ctx: CallContext): Promise<SourceHealth> {
    return checkHealth(this.#server, ctx);
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
