import { CopySocket, type MysqlColumn } from '@tributary/columnar';
import { startMariadb, startMysql, type TestServer } from '@tributary/testbed';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { column, emptySink, OneConnection, read, readArrow, readSpool } from './wire-fixture.js';

/** Cuts what arrives into pieces of no size in particular. */
class ChoppedSocket extends Socket {
  #size = 1;

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    const [chunk] = values;
    if (event !== 'data' || !Buffer.isBuffer(chunk)) return super.emit(event, ...values);
    for (let at = 0; at < chunk.length; at += this.#size) {
      this.#size = (this.#size * 31 + 7) % 127 || 1;
      super.emit('data', chunk.subarray(at, at + this.#size));
    }
    return true;
  }
}

/** A column's name, its type in the server, its type here, and values to store. */
type Sample = readonly [
  name: string,
  native: string,
  type: MysqlColumn['type'],
  ...values: readonly string[],
];

const samples: readonly Sample[] = [
  ['t', 'TINYINT', { id: 'tinyint' }, '-128', '127', '0'],
  ['tu', 'TINYINT UNSIGNED', { id: 'utinyint' }, '255', '128'],
  ['s', 'SMALLINT', { id: 'smallint' }, '-32768', '32767'],
  ['su', 'SMALLINT UNSIGNED', { id: 'usmallint' }, '65535'],
  ['m', 'MEDIUMINT', { id: 'integer' }, '-8388608', '8388607'],
  ['mu', 'MEDIUMINT UNSIGNED', { id: 'uinteger' }, '16777215'],
  ['i', 'INT', { id: 'integer' }, '-2147483648', '2147483647'],
  ['iu', 'INT UNSIGNED', { id: 'uinteger' }, '4294967295'],
  ['b', 'BIGINT', { id: 'bigint' }, '-9223372036854775808', '9223372036854775807'],
  ['bu', 'BIGINT UNSIGNED', { id: 'ubigint' }, '18446744073709551615', '9223372036854775808'],
  ['z', 'INT(9) UNSIGNED ZEROFILL', { id: 'bigint' }, '7'],
  ['f', 'FLOAT', { id: 'float' }, '0.1', '-3.4e38', '1e-45'],
  ['d', 'DOUBLE', { id: 'double' }, '0.1', '-1.7976931348623157e308', '5e-324', '-0e0'],
  [
    'n',
    'DECIMAL(38,10)',
    { id: 'decimal', precision: 38, scale: 10 },
    '-9999999999999999999999999999.9999999999',
    '0.0000000001',
    '-0.5',
  ],
  ['n9', 'DECIMAL(9,2) ZEROFILL', { id: 'decimal', precision: 9, scale: 2 }, '1.5'],
  ['n18', 'DECIMAL(18,0)', { id: 'decimal', precision: 18, scale: 0 }, '-999999999999999999', '0'],
  ['c', 'CHAR(5)', { id: 'varchar' }, "'a  '", "''", "'é😀'"],
  [
    'v',
    'VARCHAR(300)',
    { id: 'varchar' },
    "'it''s  '",
    "REPEAT('x', 250)",
    "REPEAT('y', 251)",
    "'100%_\\\\'",
  ],
  ['x', 'LONGTEXT', { id: 'varchar' }, "REPEAT('é', 40000)", "''"],
  ['bi', 'BINARY(3)', { id: 'blob' }, "X'00FF01'", "''"],
  ['vb', 'VARBINARY(10)', { id: 'blob' }, "X'FE00'", "''"],
  ['bl', 'LONGBLOB', { id: 'blob' }, "REPEAT(X'00FF', 40000)"],
  ['e', "ENUM('a','ü')", { id: 'varchar' }, "'ü'"],
  ['st', "SET('x','y')", { id: 'varchar' }, "'x,y'", "''"],
  ['j', 'JSON', { id: 'json' }, `'{"a": [1, null, "é"]}'`, "'null'"],
  ['da', 'DATE', { id: 'date' }, "'1000-01-01'", "'9999-12-31'", "'2024-02-29'"],
  ['dt', 'DATETIME', { id: 'timestamp' }, "'1000-01-01 00:00:00'", "'2024-02-29 23:59:59'"],
  ['d6', 'DATETIME(6)', { id: 'timestamp' }, "'9999-12-31 23:59:59.999999'", "'1969-12-31 23:59:59.000001'"],
  ['ts', 'TIMESTAMP(6) NULL', { id: 'timestamptz' }, "'1970-01-01 00:00:01'", "'2038-01-19 03:14:07.999999'"],
  [
    'ti',
    'TIME(6)',
    { id: 'interval' },
    "'-838:59:59'",
    "'838:59:59'",
    "'00:00:00.000001'",
    "'00:00:00'",
    "'-00:00:01.5'",
  ],
  ['y', 'YEAR', { id: 'usmallint' }, '1901', '2155', '0'],
  ['bt', 'BIT(64)', { id: 'ubigint' }, "X'FFFFFFFFFFFFFFFF'", "b'1'"],
  ['b1', 'BIT(1)', { id: 'boolean' }, "b'1'", "b'0'"],
];

describe.each([
  ['MySQL', startMysql],
  ['MariaDB', startMariadb],
] as const)('rows from the wire of %s', (product, start) => {
  let server: TestServer;
  let connections: OneConnection;

  beforeAll(async () => {
    server = await start({ settings: { max_allowed_packet: '128M' } });
    connections = new OneConnection(server);
    await connections.query("SET time_zone = '+00:00', sql_mode = ''");
    const columns = samples.map(([name, native]) => `${name} ${native}`).join(', ');
    await connections.query(`CREATE TABLE every (id INT PRIMARY KEY, ${columns}) CHARACTER SET utf8mb4`);
    const most = Math.max(...samples.map((sample) => sample.length));
    for (let at = 3; at <= most; at++) {
      const values = samples.map((sample) => sample[at] ?? 'NULL');
      await connections.query(`INSERT INTO every VALUES (${at}, ${values.join(', ')})`);
    }
    await connections.query('CREATE TABLE numbers (id INT PRIMARY KEY, text VARCHAR(100), day DATE)');
    await connections.query(`INSERT INTO numbers
      SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d, REPEAT('z', 100), '2020-01-01'
      FROM ${['a', 'b', 'c', 'e', 'f'].map((name) => `(SELECT 0 AS d ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((d) => `UNION ALL SELECT ${d}`).join(' ')}) ${name}`).join(', ')}`);
  });
  afterAll(async () => {
    await connections?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const everything = {
    sql: `SELECT ${samples.map(([name]) => name).join(', ')} FROM every ORDER BY id`,
    columns: samples.map(([name, , type]) => ({ name, type })),
  };
  const ids = [column('id', 'integer'), column('text', 'varchar')];
  /** Far more than sockets hold. */
  const long = { sql: 'SELECT a.id, a.text FROM numbers a JOIN numbers b ON b.id < 20', columns: ids };

  /** Takes forever before it has a row. */
  const slow = {
    sql: 'SELECT COUNT(*) AS id, MAX(a.text) AS text FROM numbers a, numbers b WHERE a.id * b.id < 7',
    columns: ids,
  };

  /** The connection takes another statement of mysql2's and one of ours, and is the same one. */
  async function expectUsable(threadId: number): Promise<void> {
    expect(await connections.cell('SELECT CONNECTION_ID()')).toBe(String(threadId));
    expect(
      await readArrow(connections, { sql: 'SELECT 1 AS one', columns: [column('one', 'bigint')] }),
    ).toEqual([['1']]);
    expect(connections.broken).not.toContain(threadId);
    expect(connections.warnings).toEqual([]);
  }

  it('are what mysql2 reads, for every type', async () => {
    const theirs = await connections.rows(everything.sql);
    const expected = theirs.map((row) => row.map((value, index) => cellOf(value, samples[index]?.[2].id)));
    expect(expected.length).toBeGreaterThan(4);
    expect(await readArrow(connections, everything)).toEqual(expected);
    expect(await readSpool(connections, everything)).toEqual(expected);
  });

  it('are the same however the stream is cut', async () => {
    const whole = await readArrow(connections, everything);
    const socket = (Kind: typeof Socket): Socket => new Kind().connect(server.port, server.host);
    for (const Kind of [ChoppedSocket, CopySocket]) {
      await using others = new OneConnection(server, { stream: () => socket(Kind) });
      await others.query("SET time_zone = '+00:00'");
      for (let run = 0; run < 3; run++) expect(await readArrow(others, everything)).toEqual(whole);
      // What mysql2 keeps of a chunk is still the same when the next one has come.
      const many = 'SELECT id, text FROM numbers ORDER BY id LIMIT 20000';
      expect(await others.rows(many)).toEqual(await connections.rows(many));
    }
  });

  it('are converted from what the server computes to what was planned, or refused', async () => {
    const sql = `SELECT id < 2 AS smaller, SUM(id) AS total, id * 2 AS twice, COUNT(*) AS n, ROUND(id, 0) AS same, NULL AS none
      FROM numbers WHERE id < 3 GROUP BY id ORDER BY id`;
    const columns = [
      column('smaller', 'boolean'),
      column('total', 'hugeint'),
      column('twice', 'integer'),
      column('n', 'ubigint'),
      { name: 'same', type: { id: 'decimal', precision: 12, scale: 2 } },
      column('none', 'date'),
    ] as const;
    expect(await readArrow(connections, { sql, columns })).toEqual([
      ['true', '0', '0', '1', '0', 'NULL'],
      ['true', '1', '2', '1', '1', 'NULL'],
      ['false', '2', '4', '1', '2', 'NULL'],
    ]);
    const threadId = await connections.threadId();
    const tooWide = readArrow(connections, { sql: 'SELECT 300 AS v', columns: [column('v', 'tinyint')] });
    await expect(tooWide).rejects.toMatchObject({
      code: 'SOURCE.UNREPRESENTABLE_VALUE',
      message: expect.stringContaining('column v, row 1'),
    });
    await expectUsable(threadId);
  });

  it('may have zero dates, as an error or as NULL', async () => {
    await connections.query('CREATE TABLE IF NOT EXISTS zeros (id INT, day DATE, at DATETIME(3))');
    await connections.query(
      "INSERT INTO zeros VALUES (1, '2020-01-01', '2020-01-01 10:00'), (2, '0000-00-00', '0000-00-00'), (3, '2020-00-07', '2020-05-00 01:00')",
    );
    const sql = 'SELECT day, at FROM zeros ORDER BY id';
    const columns = [column('day', 'date'), column('at', 'timestamp')];
    const threadId = await connections.threadId();
    await expect(readArrow(connections, { sql, columns })).rejects.toMatchObject({
      code: 'SOURCE.UNREPRESENTABLE_VALUE',
      message: expect.stringMatching(/shop\.t: column day, row 2 .*is no date/),
    });
    await expectUsable(threadId);
    const asNull = columns.map((each) => ({ ...each, zeroDates: 'null' }) as const);
    expect(await readArrow(connections, { sql, columns: asNull })).toEqual([
      ['date 2020-01-01', 'timestamp 2020-01-01 10:00:00'],
      ['NULL', 'NULL'],
      ['NULL', 'NULL'],
    ]);
  });

  it('may be larger than a packet', async () => {
    const sql = "SELECT 'before' AS v UNION ALL SELECT REPEAT('m', 17000000) UNION ALL SELECT 'after'";
    const rows = await readArrow(connections, { sql, columns: [column('v', 'varchar')] });
    expect(rows.map(([cell]) => String(cell).length)).toEqual([8, 17_000_002, 7]);
    expect(String(rows[1]?.[0]).replaceAll('m', '')).toBe("''");
    await expectUsable(await connections.threadId());
  });

  it('end with the error that the server meets in their midst', async () => {
    const threadId = await connections.threadId();
    let rows = 0;
    const sql = 'SELECT id, id + 9223372036854715807 AS sum FROM numbers ORDER BY id';
    const columns = [column('id', 'integer'), column('sum', 'bigint')];
    const failing = read(connections, emptySink(), { sql, columns }, undefined, (count) => (rows = count));
    await expect(failing).rejects.toMatchObject({ errno: 1690 });
    expect(rows).toBeGreaterThan(10_000);
    await expectUsable(threadId);
  });

  it.each([
    ['SQL that is none', 'SELEC 1', 1064],
    ['a table that is not there', 'SELECT * FROM nowhere', 1146],
    [
      'an error before the first row',
      "SELECT id, ST_GeomFromText('nonsense') AS text FROM numbers",
      undefined,
    ],
  ])('do not come for %s', async (_, sql, errno) => {
    const threadId = await connections.threadId();
    const failing = read(connections, emptySink(), { sql, columns: ids });
    await expect(failing).rejects.toMatchObject(errno === undefined ? {} : { errno });
    await expectUsable(threadId);
  });

  it.each([
    ['has other columns', 'SELECT id FROM numbers'],
    ['has other types', 'SELECT id, day FROM numbers'],
    ['has none', 'DO 1'],
  ])('are refused where the answer %s than was planned', async (_, sql) => {
    const threadId = await connections.threadId();
    const failing = read(connections, emptySink(), { sql, columns: ids });
    await expect(failing).rejects.toMatchObject({
      code: sql === 'DO 1' ? 'ENGINE.INTERNAL' : 'SOURCE.MISSING_OBJECT',
    });
    await expectUsable(threadId);
  });

  it('stop when the signal fires, and the statement with them', async () => {
    const threadId = await connections.threadId();
    const abort = new AbortController();
    const reading = read(connections, emptySink(), long, abort.signal, () => abort.abort());
    await expect(reading).rejects.toMatchObject({ code: 'QUERY.CANCELLED' });
    expect(connections.killed.at(-1)).toBe(threadId);
    // MariaDB lists a statement for a moment longer than it answers.
    const running = `SELECT info FROM information_schema.processlist WHERE id = ${threadId} AND info LIKE '%numbers%'`;
    await expect.poll(() => connections.aside(running)).toEqual([]);
    await expectUsable(threadId);
  });

  it('stop when the signal fires before the first row, and do not begin when it has fired', async () => {
    const threadId = await connections.threadId();
    const before = connections.killed.length;
    await expect(read(connections, emptySink(), long, AbortSignal.abort())).rejects.toMatchObject({
      code: 'QUERY.CANCELLED',
    });
    const abort = new AbortController();
    const early = read(connections, emptySink(), long, abort.signal);
    abort.abort();
    await expect(early).rejects.toMatchObject({ code: 'QUERY.CANCELLED' });
    expect(connections.killed).toHaveLength(before);
    const started = performance.now();
    await expect(read(connections, emptySink(), slow, AbortSignal.timeout(100))).rejects.toMatchObject({
      code: 'QUERY.CANCELLED',
    });
    expect(performance.now() - started).toBeLessThan(5000);
    await expectUsable(threadId);
  });

  it('wait for a sink that is busy, and stop also then', async () => {
    const threadId = await connections.threadId();
    const abort = new AbortController();
    const busy = Promise.withResolvers<void>();
    const firstWrite = Promise.withResolvers<void>();
    let writes = 0;
    const sink = emptySink(() => {
      writes++;
      firstWrite.resolve();
      return busy.promise;
    });
    const reading = read(connections, sink, long, abort.signal).catch((error: unknown) => error);
    await firstWrite.promise;
    await sleep(100);
    const soon = writes;
    await sleep(200);
    // A chunk that was on its way, at most: 2 million rows would make 2000 writes.
    expect(soon).toBeLessThan(20);
    expect(writes).toBe(soon);
    abort.abort();
    expect(await reading).toMatchObject({ code: 'QUERY.CANCELLED' });
    busy.resolve();
    await expectUsable(threadId);
  });

  it('stop when the sink fails', async () => {
    const threadId = await connections.threadId();
    const full = new Error('The disk is full.');
    await expect(
      read(
        connections,
        emptySink(() => Promise.reject(full)),
        long,
      ),
    ).rejects.toBe(full);
    const thrown = emptySink(() => {
      throw full;
    });
    await expect(read(connections, thrown, long)).rejects.toBe(full);
    await expectUsable(threadId);
  });

  it('cost the connection where the statement cannot be killed', async () => {
    await using others = new OneConnection(server);
    others.kill = () => Promise.reject(new Error('Too many connections'));
    const threadId = await others.threadId();
    await expect(read(others, emptySink(), slow, AbortSignal.timeout(100))).rejects.toMatchObject({
      code: 'QUERY.CANCELLED',
    });
    expect(others.broken).toEqual([threadId]);
    expect(await others.threadId()).not.toBe(threadId);
    await connections.kill(threadId);
  });

  it('end with an error when the connection is lost', async () => {
    await using others = new OneConnection(server);
    const threadId = await others.threadId();
    let isKilled = false;
    const sink = emptySink(() => {
      if (isKilled) return undefined;
      isKilled = true;
      return others.aside(`KILL CONNECTION ${threadId}`).then(() => undefined);
    });
    await expect(read(others, sink, long)).rejects.toThrow();
    expect(await others.threadId()).not.toBe(threadId);
  });

  it('end with an error when the connection is closed here, whether the reader waits or not', async () => {
    for (const wait of [undefined, new Promise<void>(() => undefined)]) {
      await using others = new OneConnection(server);
      const connection = await others.acquire();
      others.acquire = () => Promise.resolve(connection);
      const sink = emptySink(() => {
        connection.destroy();
        return wait;
      });
      await expect(read(others, sink, long)).rejects.toThrow('Connection lost');
      expect(others.broken).toEqual([connection.threadId]);
    }
  });

  it('leave no prepared statement behind', async () => {
    const counts = async (): Promise<readonly number[]> => [
      await connections.count('Com_stmt_prepare'),
      await connections.count('Com_stmt_close'),
    ];
    const [prepared = 0, closed = 0] = await counts();
    const statement = { sql: 'SELECT id, text FROM numbers WHERE id = 7', columns: ids };
    for (let run = 0; run < 2; run++) await readArrow(connections, statement);
    expect(await counts()).toEqual([prepared + 2, closed + 2]);
  });

  // MariaDB 10.11 makes no certificate of its own.
  if (product === 'MySQL') {
    it('come through TLS', async () => {
      await using others = new OneConnection(server, { ssl: { rejectUnauthorized: false } });
      expect(
        await others.cell(
          "SELECT variable_value <> '' FROM performance_schema.session_status WHERE variable_name = 'Ssl_cipher'",
        ),
      ).toBe('1');
      await others.query("SET time_zone = '+00:00'");
      expect(await readArrow(others, everything)).toEqual(await readArrow(connections, everything));
      const abort = new AbortController();
      await expect(read(others, emptySink(), long, abort.signal, () => abort.abort())).rejects.toMatchObject({
        code: 'QUERY.CANCELLED',
      });
      expect(await others.cell('SELECT 5')).toBe('5');
      expect(others.broken).toEqual([]);
    });
  }
});

/** A value as mysql2 reads it, as a cell of the comparison. */
function cellOf(value: unknown, id: string | undefined): string | number {
  if (value === null) return 'NULL';
  if (Buffer.isBuffer(value)) {
    const hex = value.toString('hex');
    return id === 'blob' ? `x'${hex}'` : id === 'boolean' ? String(hex === '01') : String(BigInt(`0x${hex}`));
  }
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  switch (id) {
    case 'float':
    case 'double':
      return Number(value);
    case 'decimal':
      return text.includes('.') ? text.replace(/\.?0+$/, '').replace(/^(-?)0+(?=\d)/, '$1') : text;
    case 'varchar':
    case 'json':
      return `'${text}'`;
    case 'date':
      return `date ${text}`;
    case 'timestamp':
    case 'timestamptz':
      return `${id} ${text.replace(/\.?0*$/, (zeros) => (zeros.startsWith('.') ? '' : zeros)).replace(/(\.\d*?)0+$/, '$1')}`;
    case 'interval':
      return `interval 0 months 0 days ${nanoseconds(text)} ns`;
    default:
      return text;
  }
}

/** Of `-838:59:59.000001`. */
function nanoseconds(time: string): bigint {
  const [, sign, hours = '0', minutes = '0', seconds = '0', fraction = ''] =
    /^(-?)(\d+):(\d+):(\d+)\.?(\d*)$/.exec(time) ?? [];
  const whole = (BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  const all = whole * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
  return sign === '-' ? -all : all;
}
