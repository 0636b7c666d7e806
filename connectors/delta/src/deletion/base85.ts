/** Z85 (ZeroMQ RFC 32): five characters for four bytes. */
const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

const digits: ReadonlyMap<string, number> = new Map(
  [...alphabet].map((character, digit) => [character, digit]),
);

/** @throws RangeError for a text that is no Z85 */
export function decodeBase85(text: string): Uint8Array {
  if (text.length % 5 !== 0)
    throw new RangeError(`${text.length} characters are no whole number of groups of five`);
  const bytes = new Uint8Array((text.length / 5) * 4);
  const view = new DataView(bytes.buffer);
  for (let group = 0; group < text.length / 5; group++) {
    let value = 0;
    for (const character of text.slice(group * 5, group * 5 + 5)) {
      const digit = digits.get(character);
      if (digit === undefined) throw new RangeError(`${JSON.stringify(character)} is no digit of base 85`);
      value = value * 85 + digit;
    }
    if (value > 0xff_ff_ff_ff) throw new RangeError('a group of five characters is more than four bytes');
    view.setUint32(group * 4, value);
  }
  return bytes;
}

/** The 16 bytes of a UUID in its usual form. */
export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
