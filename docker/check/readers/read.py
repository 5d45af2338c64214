"""Reads a folder of runs with pandas, polars and DuckDB and prints, as JSON, what each found: for each run its α, its number
of steps and its last loss.

    read.py FOLDER
"""

import glob
import json
import sys

import duckdb
import pandas
import polars

FILES = sorted(glob.glob(sys.argv[1] + "/*.parquet"))


def rows(frame):
    """Rows (run, α, steps, last loss) of a pandas table of steps."""
    frame = frame.sort_values("step")
    return [[run, g["alpha"].iloc[0], len(g), g["loss"].iloc[-1]] for run, g in frame.groupby("run")]


with_duckdb = duckdb.sql(
    f"SELECT run, any_value(alpha), count(*), last(loss ORDER BY step) FROM read_parquet({FILES!r}, union_by_name = true) "
    "GROUP BY run ORDER BY run"
).fetchall()
with_polars = (
    polars.concat([polars.read_parquet(f) for f in FILES], how="diagonal")
    .sort("step")
    .group_by("run")
    .agg(polars.col("alpha").first(), polars.len(), polars.col("loss").last())
    .sort("run")
    .rows()
)
with_pandas = rows(pandas.concat([pandas.read_parquet(f) for f in FILES]))
json.dump({"duckdb": with_duckdb, "polars": with_polars, "pandas": with_pandas}, sys.stdout)
