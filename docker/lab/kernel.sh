#!/usr/bin/env bash
# Starts the kernel "α-scaling (Go)". Jupyter runs it with the connection file as its argument.
#
# The environment is made here rather than in kernel.json because what stands there overrides the user's own
# GOMLX_BACKEND.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

if ! [ -x "$LAB/bin/gonb" ] || ! [ -x "$LAB/bin/relay" ]; then
	echo "The kernel is not set up in $ALPHASCALE_ROOT: run 'make lab' there." >&2
	exit 1
fi

export PATH="$ALPHASCALE_ROOT/docker/lab/kernel:$PATH" # for go, goimports and gopls
# Cells are built from what the set-up downloaded: a module that is missing fails at once, with its name.
export GOPROXY=off
# gonb makes a go.work of its own.
unset GOWORK
# Without debug tables and the C linker a cell is built in half the time.
export GOFLAGS="-buildvcs=false '-ldflags=$lab_ldflags'"
# -go_work lets every cell import the checkout's packages as they are now; raw errors are text, not HTML.
# gonb's log of its own doings would bury what Jupyter has to say; what ends the kernel is still shown.
# The relay stands between Jupyter and gonb: see docker/lab/kernel/relay.
exec "$LAB/bin/relay" "$1" "$LAB/bin/gonb" --kernel "{connection_file}" "-go_work=$ALPHASCALE_ROOT" -raw_error=true \
	-legacy_stderr_threshold_behavior=false -stderrthreshold=FATAL
