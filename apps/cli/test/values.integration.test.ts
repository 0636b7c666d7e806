import { type Engine, createEngine } from '@tributary/core';
import { tableFromIPC } from 'apache-arrow';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResultWriter } from '../src/output/result-stream.js';
import { writeArrow } from '../src/output/write-arrow.js';
import { writeCsv } from '../src/output/write-csv.js';
import { writeJson, writeNdjson } from '../src/output/write-json.js';
import { writeParquet } from '../src/output/write-parquet.js';
import { writeTable } from '../src/output/write-table.js';
import { colorsFor } from '../src/terminal/colors.js';

let engine: Engine;

beforeAll(async () => {
  engine = await createEngine({ sources: [] });
});

afterAll(() => engine.close());

async function write(sql: string, writer: ResultWriter): Promise<Buffer> {
  await using result = await engine.query(sql);
  const chunks: Uint8Array[] = [];
  for await (const chunk of writer(result)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function ndjson(sql: string): Promise<string> {
  return (await write(sql, writeNdjson)).toString().trimEnd();
}

describe('text of values', () => {
  it.each([
    [
      'date',
      [
        "'2024-02-29'",
        "'1582-10-15'",
        "'0001-01-01'",
        "'0044-03-15 (BC)'",
        "'9999-12-31'",
        "'294247-01-10'",
        "'infinity'",
        "'-infinity'",
      ],
    ],
    ['time', ["'00:00:00'", "'23:59:59.999999'", "'12:30:00.5'"]],
    [
      'timestamp',
      [
        "'2024-02-29 10:00:00.000001'",
        "'1969-12-31 23:59:59.5'",
        "'0044-03-15 (BC) 01:02:03'",
        "'294246-12-31 00:00:00'",
        "'infinity'",
        "'-infinity'",
      ],
    ],
    ['timestamp_s', ["'2024-02-29 10:00:00'", "'1900-01-01 00:00:00'"]],
    ['timestamp_ms', ["'2024-02-29 10:00:00.123'", "'1900-01-01 00:00:00.5'"]],
    [
      'timestamp_ns',
      ["'2024-02-29 10:00:00.123456789'", "'1900-01-01 00:00:00.000000001'", "'2000-01-01 00:00:00.5'"],
    ],
    [
      'interval',
      [
        "'1 year 2 months 3 days 04:05:06.5'",
        "'-1 year'",
        "'-2 days'",
        "'0 days'",
        "'-00:00:01'",
        "'25:00:00'",
      ],
    ],
    [
      'hugeint',
      ['170141183460469231731687303715884105727', '-170141183460469231731687303715884105728', '0', '-1'],
    ],
    ['uhugeint', ['340282366920938463463374607431768211455', '0']],
    ['decimal(38,10)', ["'-1234567890123456789012345678.0123456789'", '0', '-0.5', '1']],
    ['decimal(4,2)', ['-99.99', '0.01', '-0.01']],
    ['bigint', ['-9223372036854775808', '9223372036854775807']],
    ['ubigint', ['18446744073709551615']],
    ['uuid', ["'00112233-4455-6677-8899-aabbccddeeff'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"]],
    ['boolean', ['true', 'false']],
    ['varchar', ["''", "'Größe 🙂'", "'a''b'"]],
    ['bit', ["'10101'"]],
  ])('of type %s is as DuckDB writes it', async (type, literals) => {
    const rows = literals.map((literal) => `select cast(${literal} as ${type}) as v`).join(' union all ');
    const text = (await write(`select v, v::varchar as t from (${rows})`, writeCsv)).toString();
    for (const line of text.trimEnd().split('\r\n').slice(1)) {
      const [value, expected] = line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
      expect(value).toBe(expected);
    }
    expect(text.trimEnd().split('\r\n')).toHaveLength(literals.length + 1);
  });

  it('keeps floats exact and short', async () => {
    expect(
      await ndjson(
        `select 0.1::float f, 16777217::float g, 0.1::double d, 1e300::double e, 5e-324::double m, '-0.0'::double z`,
      ),
    ).toBe('{"f":0.1,"g":16777216,"d":0.1,"e":1e+300,"m":5e-324,"z":-0.0}');
  });

  it('writes what JSON has no number for as text', async () => {
    expect(
      await ndjson(`select 'NaN'::double n, 'Infinity'::double i, '-Infinity'::float j, null::double z`),
    ).toBe('{"n":"NaN","i":"Infinity","j":"-Infinity","z":null}');
  });

  it('keeps all digits of integers and decimals', async () => {
    expect(await ndjson(`select 9007199254740993 a, 1.10::decimal(30,20) b`)).toBe(
      '{"a":9007199254740993,"b":1.10000000000000000000}',
    );
  });

  it('writes nested values as JSON', async () => {
    const sql = `select [1, null, 3] l, {'a': 1, 'b c': ['x', null]} s, map {1: 'one'} m, [1, 2]::integer[2] a,
      [[date '2024-01-01'], []] d, [{'k': true}, null] ls, '{"x": [1,\n 2]}'::json j, '\\x01\\xff'::blob b, 'q"\n' q`;
    const text = await ndjson(sql);
    expect(text).not.toContain('\n');
    expect(JSON.parse(text)).toEqual({
      l: [1, null, 3],
      s: { a: 1, 'b c': ['x', null] },
      m: [{ key: 1, value: 'one' }],
      a: [1, 2],
      d: [['2024-01-01'], []],
      ls: [{ k: true }, null],
      j: { x: [1, 2] },
      b: String.raw`\x01ff`,
      q: 'q"\n',
    });
  });
});

describe('output formats', () => {
  const many =
    'select range::bigint as n, case when range % 3 = 0 then null else range::varchar end as t from range(300000)';

  it('JSON is one array, also without rows', async () => {
    expect(
      JSON.parse((await write('select 1 as a, 2 as a union all select 3, 4', writeJson)).toString()),
    ).toHaveLength(2);
    expect((await write('select 1 as a where false', writeJson)).toString()).toBe('[]\n');
    expect((await write('select 1 as a, 2 as a', writeJson)).toString()).toBe('[\n{"a":1,"a_2":2}\n]\n');
  });

  it('CSV follows RFC 4180 and tells NULL from empty', async () => {
    const text = (
      await write(`select 'a,b' as "x,y", 'say "hi"' q, 'two\nlines' l, null n, '' e`, writeCsv)
    ).toString();
    expect(text).toBe('"x,y",q,l,n,e\r\n"a,b","say ""hi""","two\nlines",,""\r\n');
  });

  it('tables escape what would move the cursor, and measure wide characters', async () => {
    const style = { colors: colorsFor({}, {}), unicode: false, maxCellWidth: 12, width: 80 };
    const text = await write(
      `select 1 as id, chr(27) || '[2J' as t union all select 10, '漢字' union all select 100, repeat('x', 50) order by id`,
      (r) => writeTable(r, style),
    );
    expect(text.toString()).toBe(
      [
        '  id | t',
        '-----+--------------',
        String.raw`   1 | \x1b[2J`,
        '  10 | 漢字',
        ' 100 | xxxxxxxxxxx…',
        '',
      ].join('\n'),
    );
  });

  it('tables of many rows come in bounded pieces', async () => {
    await using result = await engine.query(many);
    const style = { colors: colorsFor({}, {}), unicode: false, maxCellWidth: 40, width: 80 };
    let rows = 0;
    let longest = 0;
    for await (const chunk of writeTable(result, style)) {
      rows += chunk.split('\n').length - 1;
      longest = Math.max(longest, chunk.length);
    }
    expect(rows).toBe(300_002);
    expect(longest).toBeLessThan(4_000_000);
  });

  it('Arrow streams read back', async () => {
    const table = tableFromIPC(await write(many, writeArrow));
    expect(table.numRows).toBe(300_000);
    expect(table.get(299_997)?.toJSON()).toEqual({ n: 299_997n, t: null });
    expect(
      tableFromIPC(await write('select 1 as a where false', writeArrow)).schema.fields.map((f) => f.name),
    ).toEqual(['a']);
  });

  it('Parquet files read back, in several row groups', async () => {
    const file = await write(many, writeParquet);
    const rows = await parquetReadObjects({ file: new Uint8Array(file).buffer });
    expect(rows).toHaveLength(300_000);
    expect(rows[3]).toEqual({ n: 3n, t: null });
    expect(rows[299_998]).toEqual({ n: 299_998n, t: '299998' });
  });
});
