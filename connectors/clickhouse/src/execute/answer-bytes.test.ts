import { ClickHouseError } from '@clickhouse/client';
import { expect, test } from 'vitest';
import { answerBytes } from './answer-bytes.js';

const tag = 'pqrstuvwxyzabcde';
const message =
  "Code: 395. DB::Exception: boom: while executing 'FUNCTION throwIf'. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 26.7.2.1)\n";
const framed = `\r\n__exception__\r\n${tag}\r\n${message}${message.length} ${tag}\r\n__exception__\r\n`;

/** The bytes in pieces of the given size; then, if told so, a broken connection. */
async function* pieces(text: string, size: number, breaks = false): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size), 'latin1');
  if (breaks) throw new Error('aborted');
}

async function read(chunks: AsyncIterable<Uint8Array>, ofTag: string | undefined = tag): Promise<string> {
  return Buffer.concat(await Array.fromAsync(answerBytes(chunks, ofTag))).toString('latin1');
}

test.each([1, 7, 1000, 100_000])('an answer in pieces of %i comes whole', async (size) => {
  const text = 'PAR1'.padEnd(50_000, 'x');
  expect(await read(pieces(text, size))).toBe(text);
  expect(await read(pieces('', size))).toBe('');
});

test.each([1, 7, 1000, 100_000])(
  'an error behind an answer in pieces of %i is raised, and none of it given',
  async (size) => {
    const given: Uint8Array[] = [];
    const run = async (): Promise<void> => {
      for await (const chunk of answerBytes(pieces(`${'x'.repeat(50_000)}${framed}`, size), tag))
        given.push(chunk);
    };
    await expect(run()).rejects.toMatchObject({ code: '395', message: expect.stringContaining('boom') });
    expect(Buffer.concat(given).includes('__exception__')).toBe(false);
  },
);

test('the error is raised too where the connection breaks behind it; else the break', async () => {
  await expect(read(pieces(`PAR1${framed}`, 10, true))).rejects.toBeInstanceOf(ClickHouseError);
  await expect(read(pieces('PAR1', 10, true))).rejects.toThrow('aborted');
});

test('data that speaks of exceptions is data', async () => {
  const other = framed.replaceAll(tag, 'another');
  expect(await read(pieces(other, 10))).toBe(other);
});

test('a server without tags', async () => {
  await expect(read(pieces(`PAR1\0\0${message}`, 10), undefined)).rejects.toMatchObject({ code: '395' });
});
