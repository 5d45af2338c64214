#!/usr/bin/env bash
# read.sh FOLDER: runs read.py, with pandas, polars and DuckDB installed into a venv of their own on first use. Ends with 75
# where they cannot be had.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../env.sh"
readers=$LAB/readers
if ! cmp -s "$here/requirements.txt" "$readers/.installed"; then
	if ! { python3 -m venv --clear "$readers" && "$readers/bin/pip" install --disable-pip-version-check --quiet --require-hashes \
		--only-binary :all: --requirement "$here/requirements.txt"; } >&2; then
		echo "pandas, polars and DuckDB cannot be installed here" >&2
		exit 75
	fi
	cp "$here/requirements.txt" "$readers/.installed"
fi
exec "$readers/bin/python" "$here/read.py" "$1"
