#!/usr/bin/env bash
# `go test` with the given arguments, then the ten slowest tests and, with COVER=1, how much of lib and plots they ran. .ci/run
# puts it in the place of `go test`; the tools are pinned in docker/check/go.mod. COVER links all of lib and plots into the
# tests of each package.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

tool() { go tool -modfile=docker/check/go.mod "$@"; }

out=$LAB/check
mkdir -p "$out"
status=0
cover=()
if [ "${COVER:-}" = 1 ]; then cover=("-coverprofile=$out/cover" -coverpkg=./lib/...,./plots/...); fi
tool gotestsum --format pkgname --jsonfile "$out/tests.json" -- \
	"${cover[@]}" "$@" || status=$?

echo "The slowest tests:"
tool gotestsum tool slowest --jsonfile "$out/tests.json" --threshold 1s | sed -n 1,10p

[ "${#cover[@]}" -gt 0 ] || exit "$status"
for part in lib plots; do
	{
		echo "mode: set"
		grep "^alphascale/$part/" "$out/cover"
	} >"$out/cover.$part"
	printf 'Lines of %s that the tests run: %s\n' "$part" "$(go tool cover -func="$out/cover.$part" | awk '{ last = $NF } END { print last }')"
done
exit "$status"
