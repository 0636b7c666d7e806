"""Writes the golden tables that need Spark's writer, and beside each what Spark itself reads from them.

    pip install 'pyspark==4.1.*'
    mvn dependency:copy-dependencies of io.delta:delta-spark_4.1_2.13:4.4.0 into JARS
    python golden_spark.py JARS OUT

Takes some minutes. OUT/tables/<name> is a table, OUT/expected/<name>@v<version>.parquet its rows at a version, and
OUT/expected/<name>.history.json its history. Commit both; a run later gives the same rows under other file names. Names
after OUT write only those tables.
"""

import glob
import json
import os
import shutil
import sys

jars_folder, out = sys.argv[1], os.path.abspath(sys.argv[2])
os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"

from pyspark.sql import SparkSession  # noqa: E402

jars = [jar for jar in glob.glob(os.path.join(os.path.abspath(jars_folder), "*.jar")) if "/delta-" in jar]
spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.jars", ",".join(jars))
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.memory", "1g")
    .config("spark.sql.session.timeZone", "UTC")
    # CHAR as it is stored: readers other than Spark do not know that it was padded.
    .config("spark.sql.readSideCharPadding", "false")
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.databricks.delta.snapshotPartitions", "1")
    .config("spark.databricks.delta.writeChecksum.enabled", "false")
    .config("spark.databricks.delta.properties.defaults.enableDeletionVectors", "false")
    .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    .config("spark.sql.parquet.compression.codec", "zstd")
    .config("spark.hadoop.parquet.writer.version", "PARQUET_2_0")
    .config("spark.sql.warehouse.dir", "/tmp/golden-warehouse")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
only = set(sys.argv[3:])


def sql(text):
    return spark.sql(text)


def location(name):
    return f"{out}/tables/{name}"


def ref(name):
    return f"delta.`{location(name)}`"


def expect(name, *versions):
    """What Spark reads: at the versions given, the newest if none."""
    os.makedirs(f"{out}/expected", exist_ok=True)
    for version in versions or (newest(name),):
        rows = spark.read.format("delta").option("versionAsOf", version).load(location(name))
        folder = f"{out}/expected/tmp"
        rows.coalesce(1).write.mode("overwrite").parquet(folder)
        [part] = glob.glob(f"{folder}/part-*.parquet")
        shutil.move(part, f"{out}/expected/{name}@v{version}.parquet")
        shutil.rmtree(folder)
    history = [
        {"version": row["version"], "timestamp": int(row["timestamp"].timestamp() * 1000), "operation": row["operation"]}
        for row in sql(f"DESCRIBE HISTORY {ref(name)}").collect()
    ]
    with open(f"{out}/expected/{name}.history.json", "w") as file:
        json.dump(history, file, indent=1)
        file.write("\n")


def newest(name):
    return sql(f"DESCRIBE HISTORY {ref(name)} LIMIT 1").collect()[0]["version"]


def every_version(name):
    return range(newest(name) + 1)


def create(name, columns, *, partitioned="", **properties):
    listed = ", ".join(f"'delta.{key.replace('_', '.')}' = '{value}'" for key, value in properties.items())
    sql(
        f"CREATE TABLE {ref(name)} ({columns}) USING delta "
        + (f"PARTITIONED BY ({partitioned}) " if partitioned else "")
        + (f"TBLPROPERTIES ({listed})" if listed else "")
    )


def types():
    """Every type, with the values whose statistics lie; one file for each row."""
    create(
        "types",
        """id INT NOT NULL, i8 BYTE, i16 SHORT, i64 LONG, f FLOAT, d DOUBLE, dec5 DECIMAL(5,2), dec18 DECIMAL(18,4),
        dec38 DECIMAL(38,10), b BOOLEAN, s STRING, c CHAR(4), vc VARCHAR(8), bin BINARY, day DATE, ts TIMESTAMP,
        ntz TIMESTAMP_NTZ, st STRUCT<a: INT, b: STRUCT<c: STRING>>, arr ARRAY<INT>, m MAP<STRING, LONG>,
        sts ARRAY<STRUCT<x: INT, y: STRING>>""",
    )
    long = "a" * 40
    rows = [
        f"""1, 127Y, 32767S, 9223372036854775807, FLOAT('NaN'), DOUBLE('NaN'), 999.99, 99999999999999.9999,
        9999999999999999999999999999.9999999999, true, '{long}z', 'ab', 'varchar8', X'00FF', DATE'9999-12-31',
        TIMESTAMP'2024-02-29 12:34:56.789123Z', TIMESTAMP_NTZ'2024-02-29 12:34:56.789123',
        struct(1, struct('x')), array(1, NULL, 3), map('k', 1L, 'l', NULL), array(struct(1, 'y'))""",
        f"""2, -128Y, -32768S, -9223372036854775808, FLOAT('-Infinity'), DOUBLE('Infinity'), -999.99, -99999999999999.9999,
        -9999999999999999999999999999.9999999999, false, '{long}\U0001F600', '', '', X'', DATE'1582-10-15',
        TIMESTAMP'1969-12-31 23:59:59.999999Z', TIMESTAMP_NTZ'0001-01-01 00:00:00',
        struct(NULL, NULL), array(), map(), array()""",
        """3, 0Y, 0S, 9007199254740993, FLOAT('-0.0'), DOUBLE('-0.0'), 0.00, 0.0001, 0.0000000001, NULL, '',
        'a b', 'ü', X'41', DATE'1970-01-01', TIMESTAMP'1970-01-01 00:00:00.000001Z',
        TIMESTAMP_NTZ'1970-01-01 00:00:00.000001', struct(3, NULL), NULL, NULL, NULL""",
        "4" + ", NULL" * 20,
        f"""5, 1Y, 1S, 1, FLOAT(0.1), 0.1D, 1.10, 1.1000, 1.1000000000, true, '{"é" * 40}', 'abcd', 'x''y',
        X'00', DATE'2024-06-30', TIMESTAMP'2024-06-30 23:59:59.9999Z', TIMESTAMP_NTZ'2024-06-30 23:59:59.9999',
        NULL, array(5), map('', -1L), array(NULL, struct(5, NULL))""",
    ]
    for row in rows:
        sql(f"INSERT INTO {ref('types')} VALUES ({row})")
    expect("types")


def int96():
    """Timestamps as Spark wrote them by default for years."""
    spark.conf.set("spark.sql.parquet.outputTimestampType", "INT96")
    create("int96", "id INT, ts TIMESTAMP")
    sql(f"INSERT INTO {ref('int96')} VALUES (1, TIMESTAMP'2024-03-31 01:30:00.123456Z'), (2, NULL), (3, TIMESTAMP'1969-07-20 20:17:40Z')")
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    expect("int96")


def deletions():
    """Deletion vectors over two files: deleted, updated, merged."""
    create("deletions", "id LONG, v STRING", enableDeletionVectors="true")
    for start in (0, 500):
        sql(f"INSERT INTO {ref('deletions')} SELECT id, CONCAT('v', id) FROM RANGE({start}, {start + 500}, 1, 1)")
    sql(f"DELETE FROM {ref('deletions')} WHERE id % 10 = 3")
    sql(f"UPDATE {ref('deletions')} SET v = 'new' WHERE id BETWEEN 490 AND 510")
    sql(f"DELETE FROM {ref('deletions')} WHERE id = 7")
    sql(
        f"MERGE INTO {ref('deletions')} t USING (SELECT id FROM RANGE(995, 1005, 1, 1)) s ON t.id = s.id "
        "WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id, 'merged')"
    )
    expect("deletions", *every_version("deletions"))


def deletions_large():
    """Containers of every kind: more than 65,536 rows, deleted densely, in runs and here and there."""
    create("deletions_large", "id INT", enableDeletionVectors="true")
    sql(f"INSERT INTO {ref('deletions_large')} SELECT INT(id) FROM RANGE(0, 150000, 1, 1)")
    sql(f"DELETE FROM {ref('deletions_large')} WHERE id < 65536 AND id % 3 = 0")
    sql(f"DELETE FROM {ref('deletions_large')} WHERE id BETWEEN 70000 AND 120000")
    sql(f"DELETE FROM {ref('deletions_large')} WHERE id IN (131072, 131075, 149999)")
    expect("deletions_large")


def mapping(mode):
    """Columns renamed, dropped and added; a partition column and nested fields are mapped, too."""
    name = f"mapping_{mode}"
    create(
        name,
        "id INT, old STRING, gone INT, st STRUCT<a: INT, b: STRING>, arr ARRAY<STRUCT<x: INT>>, m MAP<STRING, STRUCT<y: INT>>, p STRING",
        partitioned="p",
        columnMapping_mode=mode,
    )
    sql(f"INSERT INTO {ref(name)} VALUES (1, 'one', 10, struct(1, 'x'), array(struct(1)), map('k', struct(1)), 'a'), (2, 'two', 20, NULL, NULL, NULL, 'b')")
    sql(f"ALTER TABLE {ref(name)} RENAME COLUMN old TO `new name`")
    sql(f"ALTER TABLE {ref(name)} DROP COLUMN gone")
    sql(f"ALTER TABLE {ref(name)} ADD COLUMN gone STRING")
    sql(f"ALTER TABLE {ref(name)} RENAME COLUMN st.a TO z")
    sql(f"ALTER TABLE {ref(name)} RENAME COLUMN p TO part")
    sql(f"INSERT INTO {ref(name)} VALUES (3, 'three', struct(3, 'y'), array(struct(3), NULL), map('k', NULL), NULL, 'back')")
    sql(f"ALTER TABLE {ref(name)} SET TBLPROPERTIES ('delta.checkpointInterval' = '1')")
    sql(f"DELETE FROM {ref(name)} WHERE id = 2")
    sql(f"INSERT INTO {ref(name)} VALUES (4, 'four', NULL, NULL, NULL, 'c', 'again')")
    expect(name, 1, newest(name))


def mapping_upgraded():
    """A table whose first files know nothing of a mapping."""
    create("mapping_upgraded", "id INT, name STRING")
    sql(f"INSERT INTO {ref('mapping_upgraded')} VALUES (1, 'one')")
    sql(f"ALTER TABLE {ref('mapping_upgraded')} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name', 'delta.minReaderVersion' = '2', 'delta.minWriterVersion' = '5')")
    sql(f"ALTER TABLE {ref('mapping_upgraded')} RENAME COLUMN name TO title")
    sql(f"INSERT INTO {ref('mapping_upgraded')} VALUES (2, 'two')")
    expect("mapping_upgraded", 1, newest("mapping_upgraded"))


def rows_in_commits(name, commits):
    for n in range(commits):
        sql(f"INSERT INTO {ref(name)} VALUES ({n}, 'row {n}')")
        if n == 3:
            sql(f"DELETE FROM {ref(name)} WHERE id = 1")


def checkpoints(kind):
    name = f"checkpoint_{kind}"
    if kind in ("json", "parquet"):
        spark.conf.set("spark.databricks.delta.checkpointV2.topLevelFileFormat", kind)
        create(name, "id INT, v STRING", checkpointPolicy="v2", checkpointInterval="4")
    elif kind == "struct":
        create(name, "id INT, v STRING", checkpointInterval="4", checkpoint_writeStatsAsJson="false", checkpoint_writeStatsAsStruct="true")
    else:
        create(name, "id INT, v STRING", checkpointInterval="4")
    if kind == "parts":
        spark.conf.set("spark.databricks.delta.checkpoint.partSize", "2")
    rows_in_commits(name, 8)
    spark.conf.unset("spark.databricks.delta.checkpoint.partSize")
    expect(name, 3, newest(name))
    # What a log clean-up would delete: only the last checkpoint and the commits after it are left.
    log = f"{location(name)}/_delta_log"
    last = 8
    for path in glob.glob(f"{log}/*"):
        stem = os.path.basename(path)
        if stem[:20].isdigit() and int(stem[:20]) < last:
            if kind != "classic":
                os.remove(path)
    if kind != "classic":
        os.remove(f"{out}/expected/{name}@v3.parquet")


def widening():
    create(
        "widening",
        "id BYTE, i INT, f FLOAT, d DATE, dec DECIMAL(5,2), n INT, m INT, st STRUCT<a: BYTE>, arr ARRAY<SHORT>",
        enableTypeWidening="true",
        feature_timestampNtz="supported",
    )
    sql(f"INSERT INTO {ref('widening')} VALUES (1, 2147483647, FLOAT(-0.1), DATE'2024-01-01', 123.45, 7, 8, struct(1Y), array(1S)), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)")
    for column, wider in (
        ("id", "INT"), ("id", "LONG"), ("i", "LONG"), ("f", "DOUBLE"), ("d", "TIMESTAMP_NTZ"), ("dec", "DECIMAL(12,4)"),
        ("n", "DOUBLE"), ("m", "DECIMAL(14,3)"), ("st.a", "LONG"), ("arr.element", "LONG"),
    ):
        sql(f"ALTER TABLE {ref('widening')} CHANGE COLUMN {column} TYPE {wider}")
    sql(f"INSERT INTO {ref('widening')} VALUES (3000000000, 3000000000, 0.1D, TIMESTAMP_NTZ'2024-01-01 00:00:00.000001', 12345678.9012, 7.5D, 8.125, struct(3000000000L), array(3000000000L))")
    expect("widening", 1, newest("widening"))


def partitions():
    create(
        "partitions",
        "id INT, s STRING, day DATE, ts TIMESTAMP, ntz TIMESTAMP_NTZ, n LONG, d DECIMAL(9,3), b BOOLEAN, f DOUBLE",
        partitioned="s, day, ts, ntz, n, d, b, f",
    )
    for row in (
        "1, 'a b/c=d%25é', DATE'2024-02-29', TIMESTAMP'2024-02-29 12:34:56.789Z', TIMESTAMP_NTZ'2024-02-29 01:02:03.000004', -9007199254740993, -1.250, true, -0.0D",
        "2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
        "3, 'null', DATE'0001-01-01', TIMESTAMP'1969-12-31 23:59:59.999999Z', TIMESTAMP_NTZ'1969-12-31 00:00:00', 0, 0.001, false, 1e300D",
        "4, '__HIVE_DEFAULT_PARTITION__x', DATE'2024-12-31', TIMESTAMP'2024-12-31 00:00:00Z', TIMESTAMP_NTZ'2024-12-31 23:59:59', 1, 1.000, true, DOUBLE('NaN')",
    ):
        sql(f"INSERT INTO {ref('partitions')} VALUES ({row})")
    expect("partitions")


def evolution():
    create("evolution", "id INT NOT NULL, st STRUCT<a: INT>, g INT GENERATED ALWAYS AS (id * 2)")
    sql(f"INSERT INTO {ref('evolution')} (id, st) VALUES (1, struct(1))")
    sql(f"ALTER TABLE {ref('evolution')} ADD COLUMN added STRING AFTER id")
    sql(f"ALTER TABLE {ref('evolution')} ADD COLUMN st.b STRING")
    sql(f"ALTER TABLE {ref('evolution')} ALTER COLUMN id DROP NOT NULL")
    sql(f"INSERT INTO {ref('evolution')} (id, added, st) VALUES (NULL, 'x', named_struct('a', 2, 'b', 'two'))")
    expect("evolution", 1, newest("evolution"))


def in_commit():
    create("in_commit", "id INT")
    sql(f"INSERT INTO {ref('in_commit')} VALUES (1)")
    sql(f"ALTER TABLE {ref('in_commit')} SET TBLPROPERTIES ('delta.enableInCommitTimestamps' = 'true')")
    sql(f"INSERT INTO {ref('in_commit')} VALUES (2)")
    sql(f"INSERT INTO {ref('in_commit')} VALUES (3)")
    expect("in_commit", *every_version("in_commit"))


tables = {
    "types": types,
    "int96": int96,
    "deletions": deletions,
    "deletions_large": deletions_large,
    "mapping_name": lambda: mapping("name"),
    "mapping_id": lambda: mapping("id"),
    "mapping_upgraded": mapping_upgraded,
    "checkpoint_classic": lambda: checkpoints("classic"),
    "checkpoint_parts": lambda: checkpoints("parts"),
    "checkpoint_json": lambda: checkpoints("json"),
    "checkpoint_parquet": lambda: checkpoints("parquet"),
    "checkpoint_struct": lambda: checkpoints("struct"),
    "widening": widening,
    "partitions": partitions,
    "evolution": evolution,
    "in_commit": in_commit,
}
failed = []
for name, make in tables.items():
    if only and name not in only:
        continue
    shutil.rmtree(location(name), ignore_errors=True)
    try:
        make()
        print(name, "written", flush=True)
    except Exception as error:  # one table's failure must not cost the run of all the others
        failed.append(name)
        print(name, "FAILED", str(error)[:2000], flush=True)
spark.stop()
# Checksums that readers need not look at.
for path in glob.glob(f"{out}/**/*.crc", recursive=True, include_hidden=True):
    os.remove(path)
sys.exit(f"failed: {failed}" if failed else 0)
