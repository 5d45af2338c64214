#!/usr/bin/env bash
# What is checked without running anything; `make lint` runs it. The tools are pinned in docker/check/go.mod.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. docker/check/tools.sh

tool() { go tool -modfile=docker/check/go.mod "$@"; }

echo "The downloaded modules are those of go.sum:"
go mod verify

echo "go.mod names what is used, and nothing else:"
go mod tidy -diff && echo yes

echo "Formatting, by gofumpt (go tool -modfile=docker/check/go.mod gofumpt -w . mends it):"
unformatted=$(tool gofumpt -l .)
if [ -n "$unformatted" ]; then
	echo "$unformatted" >&2
	exit 1
fi
echo "all files"

# GoMLX's graph packages are meant to be imported with a dot (ST1001). Sentences begin with the name of a field (ST1005).
echo "staticcheck:"
tool staticcheck -checks inherit,-ST1001,-ST1005 ./...
echo "nothing"

echo "Dockerfile, by hadolint:"
hadolint docker/Dockerfile
echo "nothing"

# Where the database of vulnerabilities cannot be reached this is no reason to fail: its contents are no part of a commit.
echo "Known vulnerabilities in what is called, by govulncheck:"
status=0
found=$(timeout 60 go tool -modfile=docker/check/go.mod govulncheck ./... 2>&1) || status=$?
case $status in
0) echo "$found" ;;
124) echo "skipped: the vulnerability database did not answer within a minute" ;;
*)
	if grep -q 'fetching vulnerabilities' <<<"$found"; then
		echo "skipped: the vulnerability database cannot be reached"
	else
		echo "$found" >&2
		exit "$status"
	fi
	;;
esac

bash docker/check/licences.sh check
