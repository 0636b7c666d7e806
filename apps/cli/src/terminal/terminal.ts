import { type Colors, colorsFor } from './colors.js';

/** The three streams and how to colour what goes to them. Data goes to stdout, everything else to stderr. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly out: Colors;
  readonly err: Colors;
}

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  return { stdin, stdout, stderr, out: colorsFor(stdout), err: colorsFor(stderr) };
}
