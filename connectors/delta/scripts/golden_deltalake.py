"""Writes the golden tables that delta-rs writes, and beside each what delta-rs itself reads from them.

    pip install deltalake==1.6.6 pyarrow
    python golden_deltalake.py OUT

Takes seconds. The layout of OUT is that of golden_spark.py.
"""

import datetime
import decimal
import json
import os
import shutil
import sys

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, QueryBuilder, write_deltalake

out = os.path.abspath(sys.argv[1])


def location(name):
    path = f"{out}/tables/{name}"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return path


def fresh(name):
    shutil.rmtree(location(name), ignore_errors=True)
    return location(name)


def expect(name, *versions):
    """What delta-rs reads: at the versions given, the newest if none."""
    os.makedirs(f"{out}/expected", exist_ok=True)
    for version in versions or (DeltaTable(location(name)).version(),):
        table = DeltaTable(location(name), version=version)
        rows = pa.table(QueryBuilder().register("t", table).execute("SELECT * FROM t").read_all())
        pq.write_table(rows, f"{out}/expected/{name}@v{version}.parquet", compression="zstd")
    history = [
        {"version": row["version"], "timestamp": row["timestamp"], "operation": row["operation"]}
        for row in DeltaTable(location(name)).history()
    ]
    with open(f"{out}/expected/{name}.history.json", "w") as file:
        json.dump(history, file, indent=1)
        file.write("\n")


def batch(start, end, **more):
    ids = list(range(start, end))
    day = datetime.date(2024, 1, 1)
    return pa.table(
        {
            "id": pa.array(ids, pa.int64()),
            "region": pa.array([None if i % 7 == 0 else f"r {i % 3}/ü" for i in ids], pa.string()),
            "day": pa.array([day + datetime.timedelta(days=i % 4) for i in ids], pa.date32()),
            "price": pa.array([decimal.Decimal(i) / 4 for i in ids], pa.decimal128(12, 2)),
            "wide": pa.array([decimal.Decimal(10**30 + i) for i in ids], pa.decimal128(38, 0)),
            "ratio": pa.array([float("nan") if i % 5 == 0 else i / 8 for i in ids], pa.float64()),
            "at": pa.array([datetime.datetime(2024, 1, 1, 0, 0, 0, i, datetime.timezone.utc) for i in ids], pa.timestamp("us", "UTC")),
            "local": pa.array([datetime.datetime(2024, 1, 1, 0, 0, i % 60, 999_999) for i in ids], pa.timestamp("us")),
            "note": pa.array([("ä" * (i % 80)) or None for i in ids], pa.string()),
            "raw": pa.array([bytes([i % 256]) for i in ids], pa.binary()),
            "list": pa.array([[i, None] for i in ids], pa.list_(pa.int32())),
            "nested": pa.array([{"a": i, "b": {"c": str(i)}} for i in ids]),
            **more,
        }
    )


def rs_partitioned():
    """Partitioned, changed, compacted by a checkpoint, and its log cleaned up behind it."""
    path = fresh("rs_partitioned")
    for start in range(0, 90, 30):
        write_deltalake(path, batch(start, start + 30), mode="append", partition_by=["region", "day"])
    DeltaTable(path).delete("id % 10 = 3")
    DeltaTable(path).update(predicate="id < 5", updates={"note": "'updated'"})
    DeltaTable(path).create_checkpoint()
    write_deltalake(path, batch(90, 95), mode="append", partition_by=["region", "day"])
    expect("rs_partitioned", 0, 2, 3, 4, DeltaTable(path).version())


def rs_evolved():
    path = fresh("rs_evolved")
    write_deltalake(path, pa.table({"id": pa.array([1, 2], pa.int32())}))
    write_deltalake(path, pa.table({"id": pa.array([3], pa.int32()), "name": ["three"]}), mode="append", schema_mode="merge")
    write_deltalake(path, pa.table({"other": [1.5]}), mode="overwrite", schema_mode="overwrite")
    DeltaTable(path).restore(1)
    expect("rs_evolved", 0, 1, 2, 3)


def rs_merged():
    path = fresh("rs_merged")
    write_deltalake(path, pa.table({"id": pa.array(range(100), pa.int64()), "v": ["old"] * 100}), target_file_size=400)
    source = pa.table({"id": pa.array([5, 50, 500], pa.int64()), "v": ["new"] * 3})
    merge = DeltaTable(path).merge(source, "t.id = s.id", source_alias="s", target_alias="t")
    merge.when_matched_update_all().when_not_matched_insert_all().execute()
    DeltaTable(path).optimize.compact()
    DeltaTable(path).optimize.z_order(["id"])
    expect("rs_merged", 0, 1, DeltaTable(path).version())


for make in (rs_partitioned, rs_evolved, rs_merged):
    make()
    print(make.__name__, "written", flush=True)
