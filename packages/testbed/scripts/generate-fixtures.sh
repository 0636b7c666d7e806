#!/usr/bin/env bash
# Makes the committed fixtures again: TPC-H at scale factor 0.01 as Parquet (several row groups per large
# table, so that skipping them can be tested), and the text of the 22 queries with validation parameters.
set -euo pipefail
cd "$(dirname "$0")/../fixtures"
tools="$(mktemp -d)"
trap 'rm -rf "$tools"' EXIT
python3 -m pip install --quiet --target "$tools" tpchgen-cli==4.0.0 duckdb==1.5.5 duckdb-extension-tpch==1.5.5

rm -rf tpch-0.01 tpch-queries
"$tools/bin/tpchgen-cli" parquet -s 0.01 --compression='ZSTD(3)' --row-group-bytes=512KB --output-dir=tpch-0.01
mkdir tpch-queries
PYTHONPATH="$tools" python3 - "$tools" <<'PYTHON'
import glob, sys
import duckdb

connection = duckdb.connect()
extension, = glob.glob(f'{sys.argv[1]}/duckdb_extension_tpch/extensions/*/tpch.duckdb_extension')
connection.execute(f"load '{extension}'")
for number, query in connection.execute('from tpch_queries()').fetchall():
    with open(f'tpch-queries/q{number:02d}.sql', 'w') as file:
        file.write(query.strip() + '\n')
PYTHON
