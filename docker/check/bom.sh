#!/usr/bin/env bash
# bom.sh FOLDER writes what the environment is made of into FOLDER, as CycloneDX: go.cdx.json lists the Go modules of the
# project and of its kernel, python.cdx.json the Python packages. The image has both (docker/Dockerfile); what Debian has
# in it, `dpkg --list` says there, and docker/lab/xla.txt which plugin of XLA.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. docker/lab/env.sh
. docker/check/tools.sh

mkdir -p "$1"
out=$(cd "$1" && pwd)
go tool -modfile=docker/check/go.mod cyclonedx-gomod mod -json -licenses -noserial -output "$out/go.cdx.json" .
cyclonedx-py environment --output-reproducible --of JSON -o "$out/python.cdx.json" "$LAB/venv/bin/python"
