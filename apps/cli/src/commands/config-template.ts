/** What `tributary init` writes. It is a valid configuration once SHOP_PG_URL is set. */
export const configTemplate = `# Tributary's configuration. The command looks for it in the working directory and above.
#
# \${NAME} is an environment variable, \${NAME:-default} one that may be missing. A missing one without a
# default is an error. Keep passwords in the environment, not here.

sources:
  # Each source has an id of your choosing: its tables are shop.public.orders, or shop.orders.
  shop:
    connector: postgres
    url: \${SHOP_PG_URL} # postgres://user:password@host:5432/database?sslmode=verify-full
    # schemas: [public]      # the schemas to show, and in which order short names are looked up
    # poolSize: 8            # most connections at once
    # timeoutMs: 60000       # this source's part of a query, instead of engine.timeoutMs

  # A folder of Parquet, CSV and NDJSON files. Each file and each folder of files is a table;
  # folders named year=2025/month=01 are columns, by which whole files are skipped.
  lake:
    connector: duckdb-s3
    root: ./data # relative to this file
    # tables:                # only these instead of all that is there
    #   events: { path: 'events/**/*.parquet' }
    #   regions: { path: regions.csv, columns: { region_id: INTEGER } }

# Other connectors are npm packages: install one beside this file and name it, as in
#   connector: clickhouse                  (the package @tributary/connector-clickhouse)
#   connector: '@acme/tributary-billing'   (any package)
#   connector: ./my-connector.js           (a file)

# engine:
#   memoryLimit: 2GiB          # default: 80 % of the machine's memory, at most 4 GiB
#   spillDirectory: ./tmp      # where what does not fit goes; default: the system's temp folder
#   spillQuota: 20GB
#   threads: 4
#   timeoutMs: 30000           # each source's part of a query
#   maxConcurrentQueries: 16

# Views over any of the sources:
# views:
#   revenue: >
#     select o.customer_id, sum(o.total) as revenue
#     from shop.public.orders o
#     join lake.events e on e.order_id = o.order_id
#     group by o.customer_id
`;
