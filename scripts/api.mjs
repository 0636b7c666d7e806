// The public API of every package as a text in `<package>/api`, so that a change of it is seen in review.
//   node scripts/api.mjs            fails when a report is not what the built packages export
//   node scripts/api.mjs --update   rewrites the reports
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { root } from './bootstrap.mjs';
import { publicPackages } from './workspace.mjs';

const { values } = parseArgs({ options: { update: { type: 'boolean', default: false } } });

const temporary = mkdtempSync(join(tmpdir(), 'tributary-api-'));
try {
  const entries = publicPackages().flatMap(entriesOf);
  const stale = values.update ? update(entries) : staleReports(entries);
  if (stale.length > 0) {
    console.error(`\nThe public API is not what its reports say: ${stale.join(', ')}`);
    console.error('If that is meant: pnpm api:update, and a changeset.');
  }
  process.exitCode = stale.length > 0 ? 1 : 0;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

/** One report per entry point, except for those that the package's main entry point exports whole. */
function entriesOf({ folder, manifest }) {
  const main = readFileSync(join(root, folder, manifest.exports['.'].types), 'utf8');
  return Object.entries(manifest.exports)
    .filter(
      ([, { types }]) =>
        !main.includes(`export * from '${types.replace('/dist', '').replace('.d.ts', '.js')}'`),
    )
    .map(([subpath, { types }]) => {
      const name = `${folder.split('/').at(-1)}${subpath.slice(1).replaceAll('/', '-')}`;
      const folderPath = join(root, folder);
      return {
        name,
        folder,
        file: `${name}.api.md`,
        config: ExtractorConfig.prepare({
          configObjectFullPath: undefined,
          packageJsonFullPath: join(folderPath, 'package.json'),
          configObject: configuration(folderPath, join(folderPath, types), name),
        }),
      };
    });
}

function configuration(projectFolder, mainEntryPointFilePath, name) {
  return {
    projectFolder,
    mainEntryPointFilePath,
    newlineKind: 'lf',
    compiler: { overrideTsconfig: compilerSettings() },
    apiReport: {
      enabled: true,
      reportFileName: name,
      reportFolder: join(projectFolder, 'api'),
      reportTempFolder: temporary,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    messages: {
      // What matters here is whether the API has changed; the compiler and the linter have their own say.
      compilerMessageReporting: { default: { logLevel: 'none' } },
      tsdocMessageReporting: { default: { logLevel: 'none' } },
      extractorMessageReporting: { default: { logLevel: 'none' } },
    },
  };
}

function compilerSettings() {
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8'));
  return { extends: undefined, compilerOptions: { ...compilerOptions, composite: false }, files: [] };
}

function update(entries) {
  for (const { folder } of entries) mkdirSync(join(root, folder, 'api'), { recursive: true });
  const failed = extract(entries, true);
  for (const file of leftOver(entries)) rmSync(join(root, file));
  return failed;
}

function staleReports(entries) {
  return [...extract(entries, false), ...leftOver(entries)];
}

/** Runs the extractor over all entry points in one program: the types are read once. */
function extract(entries, localBuild) {
  const [first] = entries;
  const compilerState = CompilerState.create(first.config, {
    additionalEntryPoints: entries.map(({ config }) => config.mainEntryPointFilePath),
  });
  const options = { compilerState, localBuild, printApiReportDiff: true, messageCallback };
  return entries
    .filter(({ config }) => !Extractor.invoke(config, options).succeeded)
    .map(({ folder, file }) => join(folder, 'api', file));
}

/** Of the extractor's own remarks, only what differs is worth reading. */
function messageCallback(message) {
  if (message.messageId === 'console-api-report-diff') console.log(message.text);
  message.handled = true;
}

/** Reports of entry points that are no more. */
function leftOver(entries) {
  const expected = new Set(entries.map(({ folder, file }) => join(folder, 'api', file)));
  return [...new Set(entries.map(({ folder }) => join(folder, 'api')))]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((file) => join(folder, file)))
    .filter((file) => !expected.has(file));
}
