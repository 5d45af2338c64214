#!/usr/bin/env bash
# frameworks.sh [NAME…]: installs torch, keras and optax, or those named, each into .lab/frameworks/NAME, a venv of its own; runs what
# is compared; and writes the tables of lib/frameworks. What was run with these versions is not run again. With INSTALL=1 it ends
# after the installation.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. docker/lab/env.sh
. docker/check/venv.sh

all=(torch keras optax)
names=("$@")
if [ "${#names[@]}" = 0 ]; then names=("${all[@]}"); fi
for name in "${names[@]}"; do
	case $name in
	torch | keras | optax) ;;
	*) echo "ONLY=$name: use one of ${all[*]}" >&2 && exit 1 ;;
	esac
done

if [ "$(uname -sm)" != "Linux x86_64" ] || ! "$LAB/venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
	echo "The frameworks are installed for Linux on x86-64 with Python 3.11 or newer: with PYTHON=python3.11 make clean setup, or read the tables in lib/frameworks" >&2
	exit 1
fi

# Measured with CPython 3.11 on Linux: what is downloaded, and what lies on the disk.
declare -A size=([torch]="560 MB, on disk 1.4 GB" [keras]="320 MB, on disk 1.6 GB" [optax]="135 MB, on disk 0.6 GB")

install() {
	local venv=$LAB/frameworks/$1 began=$SECONDS
	if cmp -s "docker/frameworks/$1.txt" "$venv/.installed"; then return; fi
	echo "Installing $1: a download of ${size[$1]}" >&2
	mkdir -p "$LAB/frameworks"
	own_venv "frameworks/$1" "docker/frameworks/$1.txt" --no-deps --require-hashes --only-binary :all:
	rm -f "$venv/.installed" # not before the libraries are there
	if [ "$1" = torch ]; then "$venv/bin/python" docker/frameworks/stubs.py "$venv"/lib/python3*/site-packages/torch/lib; fi
	cp "docker/frameworks/$1.txt" "$venv/.installed"
	echo "$1 is installed: $(du -sh "$venv" | cut -f1) in $((SECONDS - began)) s" >&2
}

mkdir -p "$LAB/frameworks"
for name in "${names[@]}"; do install "$name"; done
if [ "${INSTALL:-}" = 1 ]; then exit; fi

go build -o "$LAB/frameworks/prepare" ./docker/frameworks
folders=()
for name in "${names[@]}"; do
	out=$LAB/frameworks/out/$name python=$LAB/frameworks/$name/bin/python
	mkdir -p "$out"
	"$python" docker/frameworks/compare.py "$name" "$out" describe
	"$LAB/frameworks/prepare" trials "$name" "$out"
	"$python" docker/frameworks/compare.py "$name" "$out" lines
	"$python" docker/frameworks/compare.py "$name" "$out" run
	folders+=("$out")
done
"$LAB/frameworks/prepare" collect "${folders[@]}"
echo "The tables are lib/frameworks/*.parquet."
