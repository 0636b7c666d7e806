import { join } from 'node:path';
import { runProgram } from './programs.js';
import { unpackDebianPackage } from './packages.js';

/** Shared libraries that a minimal Debian 12 has not. */
const debianLibraries: Readonly<Record<string, { readonly spec: string; readonly sha256: string }>> = {
  'libaio.so.1': {
    spec: 'libaio1=0.3.113-4',
    sha256: 'd1476e4beab3d85f8a7d31de94c27472711ed3ef399ce70708e24b259426125b',
  },
  'libnuma.so.1': {
    spec: 'libnuma1=2.0.16-1',
    sha256: '639e1ab6bd66ead40db8a22c332d7199679fa22db261cac34444eb8eb4c17dda',
  },
};

/** Where {@link addMissingLibraries} puts them, below the folder it is given. */
export const librariesFolder = join('usr', 'lib', 'x86_64-linux-gnu');

/** Puts beside a program the shared libraries that the machine lacks. */
export async function addMissingLibraries(program: string, directory: string): Promise<void> {
  for (const library of await missingLibraries(program)) {
    const source = debianLibraries[library];
    if (source === undefined) throw new Error(`the machine has no ${library}: install the package it is in`);
    try {
      await unpackDebianPackage(source.spec, source.sha256, directory);
    } catch (cause) {
      const name = source.spec.split('=')[0];
      throw new Error(`the machine has no ${library}: install it (on Debian: apt-get install ${name})`, {
        cause,
      });
    }
  }
}

async function missingLibraries(program: string): Promise<readonly string[]> {
  const listing = await runProgram('ldd', [program]);
  return [...listing.matchAll(/^\s*(\S+) => not found$/gm)].map(([, library = '']) => library);
}
