#!/usr/bin/env bash
# `go test` with the given arguments, then the ten slowest tests and how much of lib and plots they ran. .ci/run puts it
# in the place of `go test`; the tools are pinned in docker/check/go.mod.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

tool() { go tool -modfile=docker/check/go.mod "$@"; }

out=$LAB/check
mkdir -p "$out"
status=0
tool gotestsum --format pkgname --jsonfile "$out/tests.json" -- \
	-coverprofile="$out/cover" -coverpkg=./lib/...,./plots/... "$@" || status=$?

echo "The slowest tests:"
tool gotestsum tool slowest --jsonfile "$out/tests.json" --threshold 1s | sed -n 1,10p

for part in lib plots; do
	{
		echo "mode: set"
		grep "^alphascale/$part/" "$out/cover"
	} >"$out/cover.$part"
	printf 'Lines of %s that the tests run: %s\n' "$part" "$(go tool cover -func="$out/cover.$part" | awk '{ last = $NF } END { print last }')"
done
exit "$status"
