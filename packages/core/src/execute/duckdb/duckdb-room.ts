import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Admission } from '../admission.js';

export interface DuckdbRoomOptions {
  readonly memoryBytes: number;
  readonly threads: number;
  readonly tempDirectory: string;
  /** Most bytes that DuckDB may spill there. */
  readonly maxTempBytes: number;
  /** The only directories whose files can be read or written. */
  readonly allowedDirectories: readonly string[];
}

/**
 * A DuckDB instance as a locked room: no files but those in the allowed directories, no extensions but the bundled
 * ones, no change of settings, UTC as the time zone. Connections are kept for reuse.
 */
export class DuckdbRoom {
  readonly #instance: DuckDBInstance;
  readonly #idle: DuckDBConnection[] = [];
  /**
   * Every call occupies a thread of libuv's pool until DuckDB returns. One thread stays free, so that files and host
   * names of other work do not wait for long statements.
   */
  readonly calls = new Admission(Math.max(1, poolSize() - 1));
  #closed = false;

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  /** `furnish` runs before the door is locked. */
  static async open(
    options: DuckdbRoomOptions,
    furnish?: (connection: DuckDBConnection) => Promise<void>,
  ): Promise<DuckdbRoom> {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${options.memoryBytes}B`,
      threads: String(options.threads),
      temp_directory: options.tempDirectory,
      max_temp_directory_size: `${options.maxTempBytes}B`,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      allow_unsigned_extensions: 'false',
      allow_persistent_secrets: 'false',
      disabled_optimizers: [
        // DuckDB 1.5.5 pushes a join's filter through a Top-N below it, in a race: rows then depend on timing.
        'join_filter_pushdown',
        // It loses the rows of a Top-N that is read twice in a statement with parameters.
        'cte_inlining',
      ].join(','),
    });
    const room = new DuckdbRoom(instance);
    try {
      const connection = await instance.connect();
      await furnish?.(connection);
      const directories = options.allowedDirectories.map(quoteText).join(', ');
      await connection.run(`SET allowed_directories = [${directories}]`);
      await connection.run('SET enable_external_access = false');
      await connection.run("SET GLOBAL TimeZone = 'UTC'");
      await connection.run('SET lock_configuration = true');
      room.release(connection);
    } catch (error) {
      room.close();
      throw error;
    }
    return room;
  }

  async connect(): Promise<DuckDBConnection> {
    return this.#idle.pop() ?? (await this.#instance.connect());
  }

  /** Gives back a connection that has nothing running and nothing open. */
  release(connection: DuckDBConnection): void {
    if (this.#closed || this.#idle.length >= 8) connection.closeSync();
    else this.#idle.push(connection);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) connection.closeSync();
    this.#instance.closeSync();
  }
}

/** https://docs.libuv.org/en/v1.x/threadpool.html */
function poolSize(): number {
  const size = Number.parseInt(process.env['UV_THREADPOOL_SIZE'] ?? '', 10);
  return size > 0 ? size : 4;
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
