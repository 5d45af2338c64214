#!/usr/bin/env bash
# bench.sh: installs the peers into a venv of their own, compiles the Go side and runs bench.py and cell.py.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. docker/env.sh
bench=$LAB/bench
if ! cmp -s docker/bench/requirements.txt "$bench/.installed"; then
	echo "JAX and PyTorch, a download of some gigabytes" >&2
	python3 -m venv --clear "$bench"
	"$bench/bin/pip" install --quiet --requirement docker/bench/requirements.txt
	cp docker/bench/requirements.txt "$bench/.installed"
fi
go test -c -o "$bench/training.test" ./lib/training
go test -c -o "$bench/sweep.test" ./lib/sweep
"$bench/bin/python" docker/bench/bench.py "$bench/training.test" "$bench/sweep.test" lib/dataset/digits.csv.gz ${WIDTHS:-64 256}
echo
"$LAB/venv/bin/python" docker/bench/cell.py . "$LAB/bin/gonb"
