/** Bytes as a PostgreSQL server would send them, made by hand. */

export type Field = Uint8Array | null;

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const copyHeader = Buffer.concat([signature, Buffer.alloc(8)]);
const trailer = int2(-1);

export function message(type: string, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(type), int4(payload.length + 4), payload]);
}

export const copyOutResponse = message('H', Buffer.from([1, 0, 0]));
export const notice = message('N', Buffer.from('SNOTICE\0Mhello\0\0'));
const copyDone = message('c', Buffer.alloc(0));
export const afterwards = Buffer.concat([
  message('C', Buffer.from('COPY 1\0')),
  message('Z', Buffer.from('I')),
]);

export function tuple(fields: readonly Field[]): Buffer {
  const parts = fields.map((field) => (field === null ? int4(-1) : sized(field)));
  return Buffer.concat([int2(fields.length), ...parts]);
}

/** The payload of all CopyData messages together. */
export function copyPayload(rows: readonly (readonly Field[])[]): Buffer {
  return Buffer.concat([copyHeader, ...rows.map(tuple), trailer]);
}

/** From CopyOutResponse to ReadyForQuery; as PostgreSQL does it, one row a message and the header with the first. */
export function copyStream(rows: readonly (readonly Field[])[]): Buffer {
  const [first, ...others] = [...rows.map(tuple), trailer];
  const payloads = [Buffer.concat([copyHeader, first ?? trailer]), ...others];
  return streamOf(payloads.map((payload) => message('d', payload)));
}

export function streamOf(messages: readonly Uint8Array[]): Buffer {
  return Buffer.concat([copyOutResponse, ...messages, copyDone, afterwards]);
}

export function int2(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

export function int4(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function int8(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

export function float8(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

export function text(value: string): Buffer {
  return Buffer.from(value, 'utf8');
}

export function bool(value: boolean): Buffer {
  return Buffer.from([value ? 1 : 0]);
}

/** numeric_send in numeric.c: digits of base 10000 without leading and trailing zeros. */
export function numeric(unscaled: bigint, scale: number): Buffer {
  const fractionGroups = Math.ceil(scale / 4);
  let rest = (unscaled < 0n ? -unscaled : unscaled) * 10n ** BigInt(fractionGroups * 4 - scale);
  const groups: number[] = [];
  for (; rest > 0n; rest /= 10_000n) groups.unshift(Number(rest % 10_000n));
  const weight = groups.length - fractionGroups - 1;
  while (groups.at(-1) === 0) groups.pop();
  const sign = unscaled < 0n ? 0x4000 : 0;
  return Buffer.concat([
    int2(groups.length),
    int2(groups.length === 0 ? 0 : weight),
    int2(sign),
    int2(scale),
    ...groups.map(int2),
  ]);
}

/** numeric_send for NaN, Infinity and -Infinity. */
export function specialNumeric(sign: 'nan' | 'infinity' | '-infinity'): Buffer {
  const signs = { nan: 0xc000, infinity: 0xd000, '-infinity': 0xf000 };
  return Buffer.concat([int2(0), int2(0), int2(signs[sign] - 0x10000), int2(0)]);
}

/** array_send: one dimension, or none when empty. */
export function array(elements: readonly Field[]): Buffer {
  const flags = elements.includes(null) ? 1 : 0;
  if (elements.length === 0) return Buffer.concat([int4(0), int4(0), int4(25)]);
  const parts = elements.map((element) => (element === null ? int4(-1) : sized(element)));
  return Buffer.concat([int4(1), int4(flags), int4(25), int4(elements.length), int4(1), ...parts]);
}

function sized(bytes: Uint8Array): Buffer {
  return Buffer.concat([int4(bytes.length), bytes]);
}
