/** The direction of imports, as data: apps -> connectors, core -> sdk -> columnar, contract. */
const within = (folder) => `^${folder}/`;
const anyOf = (...folders) => `^(${folders.join('|')})/`;

function layer(name, from, allowed) {
  return {
    name,
    severity: 'error',
    comment: `${from} may import only itself and ${allowed.join(', ') || 'no workspace package'}`,
    from: { path: within(from), pathNot: ['\\.test\\.ts$', `^${from}/test/`] },
    to: {
      path: anyOf('packages', 'connectors', 'apps', 'examples', 'bench'),
      pathNot: anyOf(from, ...allowed),
    },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-undeclared-dependency',
      severity: 'error',
      comment: 'What a package imports stands in its own package.json.',
      from: { path: '/src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-dependency-in-sources',
      severity: 'error',
      from: { path: '/src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-deep-imports-across-packages',
      severity: 'error',
      comment: 'Another package is reached through its exports, never through a file of its own.',
      from: { path: '^(packages|connectors|apps|examples)/([^/]+)/' },
      to: {
        path: '^(packages|connectors|apps|examples)/[^/]+/(src|dist)/',
        pathNot: ['^$1/$2/', '/(src|dist)/index\\.(d\\.)?[jt]s$', '/(src|dist)/[^/]+/index\\.(d\\.)?[jt]s$'],
      },
    },
    {
      name: 'duckdb-only-in-core',
      severity: 'error',
      comment: 'Only the engine knows DuckDB; the testbed and the benches use it as an oracle.',
      from: {
        path: '/src/',
        pathNot: ['^packages/(core|oracle|testbed|connector-testkit)/', '^bench/', '\\.test\\.ts$'],
      },
      to: { path: '@duckdb/node-api' },
    },
    {
      name: 'no-tests-in-sources',
      severity: 'error',
      from: { pathNot: '(\\.test\\.ts$|/test/)' },
      to: { path: '(\\.test\\.ts$|/test/)' },
    },
    layer('contract', 'packages/contract', []),
    layer('columnar', 'packages/columnar', ['packages/contract']),
    layer('core', 'packages/core', ['packages/contract', 'packages/columnar']),
    layer('embedded-postgres', 'packages/embedded-postgres', []),
    layer('create-tributary-connector', 'packages/create-tributary-connector', []),
    layer('oracle', 'packages/oracle', []),
    layer('testbed', 'packages/testbed', [
      'packages/contract',
      'packages/embedded-postgres',
      'packages/oracle',
    ]),
    layer('connector-sdk', 'packages/connector-sdk', ['packages/contract', 'packages/columnar']),
    layer('lake', 'packages/lake', ['packages/contract', 'packages/columnar', 'packages/connector-sdk']),
    ...['store-s3', 'store-gcs', 'store-azure'].map((store) =>
      layer(store, `packages/${store}`, ['packages/connector-sdk', 'packages/lake']),
    ),
    layer('connector-testkit', 'packages/connector-testkit', [
      'packages/contract',
      'packages/columnar',
      'packages/connector-sdk',
      'packages/core',
      'packages/oracle',
    ]),
    layer('store-testkit', 'packages/store-testkit', [
      'packages/connector-sdk',
      'packages/connector-testkit',
      'packages/core',
      'packages/lake',
      'packages/testbed',
    ]),
    ...['duckdb-s3', 'gcs', 'azure', 'delta'].map((connector) =>
      layer(connector, `connectors/${connector}`, [
        'packages/contract',
        'packages/columnar',
        'packages/connector-sdk',
        'packages/lake',
        'packages/store-[^/]+',
      ]),
    ),
    ...['postgres', 'mysql', 'clickhouse'].map((connector) =>
      layer(connector, `connectors/${connector}`, [
        'packages/contract',
        'packages/columnar',
        'packages/connector-sdk',
      ]),
    ),
    ...['http-json-source', 'sqlite-source'].map((example) =>
      layer(example, `examples/${example}`, ['packages/connector-sdk']),
    ),
    layer('cli', 'apps/cli', [
      'packages/contract',
      'packages/core',
      'packages/embedded-postgres',
      'connectors/[^/]+',
    ]),
  ],
  options: {
    doNotFollow: { path: '(^|/)(node_modules|dist)/' },
    exclude: { path: '(^|/)(wasm|assembly|fixtures|scripts|templates)/' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'default'] },
  },
};
