#!/usr/bin/env bash
# bench.sh: installs the peers into a venv of their own, compiles the Go side and runs bench.py, cell.py and chapters.py.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. docker/lab/env.sh
. docker/check/venv.sh
bench=$LAB/bench
if ! [ -e "$bench" ]; then echo "JAX and PyTorch, a download of some gigabytes" >&2; fi
own_venv bench docker/bench/requirements.txt
go test -c -o "$bench/training.test" ./lib/training
go test -c -o "$bench/sweep.test" ./lib/sweep
go test -c -o "$bench/plots.test" ./plots
"$bench/bin/python" docker/bench/bench.py "$bench" lib/dataset/digits.csv.gz ${WIDTHS:-64 256}
echo
"$LAB/venv/bin/python" docker/bench/cell.py . "$LAB/bin/gonb"
echo
"$LAB/venv/bin/python" docker/bench/chapters.py . "$LAB/bin/gonb"
