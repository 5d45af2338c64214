#!/usr/bin/env bash
# read.sh FOLDER: runs read.py, with pandas, polars and DuckDB installed into a venv of their own on first use. Ends with 75
# where they cannot be had.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../../lab/env.sh"
. "$here/../venv.sh"
if ! own_venv readers "$here/requirements.txt" --require-hashes --only-binary :all: >&2; then
	echo "pandas, polars and DuckDB cannot be installed here" >&2
	exit 75
fi
exec "$LAB/readers/bin/python" "$here/read.py" "$1"
