#!/usr/bin/env bash
# Sets up all that the project needs, in .lab/ of the checkout; `make lab`, `make test` and `make report` run it.
#
# It may be run again at any time and ends at once when nothing has changed. It may be interrupted: each part is
# made under a temporary name and put in place when complete, and the next run goes on from there.
#
# CUDA=1 adds XLA's plugin for NVIDIA cards (x86-64 Linux), which GOMLX_BACKEND=xla:cuda then uses.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$(pwd -P)
lab=$root/.lab
log=$lab/setup.log
wheels=docker/lab/xla.txt
plugin_name=pjrt_c_api_cpu_plugin.so
cuda_wheels=docker/lab/xla-cuda.txt
cuda_plugin_name=pjrt_c_api_cuda_plugin.so
fast_ldflags='-s -w -linkmode=internal'

. docker/lab/setup/prerequisites.sh
. docker/lab/setup/plugin.sh
. docker/lab/setup/kernel.sh

say() { printf '%s\n' "$*"; }

fail() {
	printf 'set-up: %s\n' "$*" >&2
	exit 1
}

# step SENTENCE COMMAND… runs a command with its output in the log; when it fails, says why and what to do.
step() {
	local what=$1 start=$SECONDS
	shift
	printf '  %-58s' "$what"
	printf '\n== %s: %s\n' "$what" "$*" >>"$log"
	if "$@" >>"$log" 2>&1; then
		say "$((SECONDS - start)) s"
		return
	fi
	say failed
	explain
	tail -n 15 "$log" >&2
	fail "\"$what\" failed; its output is above and in .lab/setup.log. Once the cause is gone, run the same command again."
}

# explain ends the set-up with a sentence where the last command's output shows a cause that is known.
explain() {
	local output
	output=$(sed -n -e H -e '/^== /h' -e '${x;p;}' "$log") # from the last heading on
	case $output in
	*"DO NOT MATCH THE HASHES"* | *"checksum mismatch"*)
		fail "A download is not the file that this project pins (its hash differs; .lab/setup.log names it): the index or proxy it came from serves another. Use another index (PIP_INDEX_URL, GOPROXY) and run the same command again." ;;
	*"No space left on device"* | *"Disk quota exceeded"*)
		fail "A disk is full (.lab/setup.log names the file): free some space and run the same command again, which goes on from here." ;;
	*"Connection refused"* | *"connection refused"* | *"Name or service not known"* | *"Temporary failure in name resolution"* | *"no such host"* | \
		*"Network is unreachable"* | *"network is unreachable"* | *"Failed to establish a new connection"* | *"timed out"* | *"i/o timeout"* | \
		*"Cannot connect to proxy"* | *"module lookup disabled"* | *"server misbehaving"* | *"(from versions: none)"*)
		fail "A package index cannot be reached, or lacks a package (.lab/setup.log names both): the set-up needs a network once. Connect, or name an index that you can reach (PIP_INDEX_URL, GOPROXY), and run the same command again, which goes on from here." ;;
	esac
}

# --- what is set up, and whether it still is ------------------------------------------------------------------------

# fingerprint: changes with anything that the set-up depends on, and with a plugin that was replaced or cut short.
fingerprint() {
	{
		find docker/lab -type f ! -name '.*' ! -name '*~' -exec cksum {} + | LC_ALL=C sort # an editor's own files are none of it
		cat go.mod go.sum
		printf '%s\n' "$root" "$go_version" "$("$python" --version)" "$user_plugin_path"
		wc -c "$lab/xla/$plugin_name" "$lab/settings.sh" "$lab"/bin/* "$lab/share/jupyter/kernels/alphascale/kernel.json" 2>/dev/null || true
	} | cksum
}

complete() {
	if [ "${CUDA:-}" = 1 ] && ! cuda_complete; then return 1; fi
	[ -x "$lab/venv/bin/python" ] && [ -x "$lab/bin/gonb" ] && [ -x "$lab/bin/relay" ] && [ -x "$lab/bin/cellgo" ] && [ -x "$lab/bin/gopls" ] && [ -x "$lab/bin/goimports" ] &&
		[ "$(cat "$lab/stamp" 2>/dev/null)" = "$(fingerprint)" ]
}

# One set-up at a time. The lock belongs to file descriptor 9, so it ends with this process however that ends;
# Python takes it because not every system has flock(1).
lock() {
	exec 9>"$lab/lock"
	if ! "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)' 2>/dev/null; then
		say "Another set-up is at work in this checkout; waiting for it."
		"$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
	fi
}

# --- the parts ------------------------------------------------------------------------------------------------------

# A venv cannot be renamed (its scripts name their Python), so its folder is named by its contents, holds the file
# "complete" when it is, and the link .lab/venv then points at it.
venv() {
	local want
	want=venv-$({ cat docker/lab/requirements.txt; printf '%s\n' "$root" "$("$python" -VV)"; } | cksum | cut -d ' ' -f 1)
	if ! [ -e "$lab/$want/complete" ]; then
		rm -rf "${lab:?}/$want"
		step "Python venv" "$python" -m venv "$lab/$want"
		step "JupyterLab and its packages" "$lab/$want/bin/python" -m pip install --disable-pip-version-check --no-deps \
			--require-hashes --only-binary :all: --no-compile --requirement docker/lab/requirements.txt
		step "their byte code" "$lab/$want/bin/python" -m compileall -q -j 0 "$lab/$want/lib"
		touch "$lab/$want/complete"
	fi
	rm -f "$lab/venv.new"
	ln -s "$want" "$lab/venv.new"
	"$python" -c 'import os, sys; os.replace(*sys.argv[1:])' "$lab/venv.new" "$lab/venv"
	find "$lab" -maxdepth 1 -name 'venv-*' ! -name "$want" -exec rm -rf {} +
}

tools() {
	step "Go modules" go mod download
	mkdir "$tmp/bin"
	step "gonb, the kernel, and what stands before it" gonb
	(cd docker/lab/tools && GOBIN=$tmp/bin step "goimports and gopls, for the kernel" go install tool)
	mkdir -p "$lab/bin"
	mv -f "$tmp"/bin/* "$lab/bin/"
}

# link_flags: those that make a cell quick, where they work.
link_flags() {
	ldflags=$fast_ldflags
	printf '  %-58s' "The libraries, for the build cache"
	local start=$SECONDS
	if ! go build "-ldflags=$ldflags" -o "$tmp/plugin" ./docker/lab/plugin >>"$log" 2>&1; then
		ldflags='-s -w'
		say
		step "The libraries, with the C linker" go build "-ldflags=$ldflags" -o "$tmp/plugin" ./docker/lab/plugin
		return
	fi
	say "$((SECONDS - start)) s"
}

# settings: what docker/lab/env.sh has to know.
settings() {
	{
		printf 'lab_go=%q\n' "$(go env GOROOT)/bin"
		printf 'lab_backend=%q\n' "$backend"
		printf 'lab_plugin_path=%q\n' "$plugin_path"
		printf 'lab_ldflags=%q\n' "$ldflags"
	} >"$tmp/settings.sh"
	mv -f "$tmp/settings.sh" "$lab/settings.sh"
}

# warm: builds what the first cell and the first test would wait for. The user's own unfinished code must not stop
# a set-up, so a failure here is only logged.
warm() {
	local start=$SECONDS
	printf '  %-58s' "The project's packages, for the build cache"
	# Without -o a lone command would be written into the checkout.
	go build -o /dev/null ./... >>"$log" 2>&1 || true
	say "$((SECONDS - start)) s"
}

main() {
	mkdir -p "$lab" 2>/dev/null && [ -w "$lab" ] || fail "$root cannot be written: put the checkout where you may write, or change its permissions."
	# The user's own choice; what docker/lab/env.sh set in an earlier run is none.
	user_plugin_path=${PJRT_PLUGIN_LIBRARY_PATH:-}
	if [ "$user_plugin_path" = "$lab/xla" ]; then user_plugin_path=; fi
	. docker/lab/env.sh
	export GOFLAGS="${GOFLAGS:-} -buildvcs=false"
	check_make
	check_go
	check_python
	check_compiler
	if complete; then return; fi

	check_disk
	lock
	if complete; then return; fi
	: >"$log"
	say "Setting up in .lab/ (needed once; the log is .lab/setup.log):"
	rm -rf "$lab"/tmp.*
	tmp=$(mktemp -d "$lab/tmp.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	exec 8>&2 # a step's own output, in which a signal may come, goes to the log
	trap 'printf "\n%s\n" "Interrupted. The next call goes on from here." >&8; exit 130' INT TERM
	check_compiles
	venv
	tools
	link_flags
	plugin
	if [ "${CUDA:-}" = 1 ] && ! cuda_complete; then cuda; fi
	kernel
	settings
	warm
	# Without a plugin there is no stamp: the next set-up looks again.
	if [ "$backend" != go ]; then
		fingerprint >"$tmp/stamp"
		mv -f "$tmp/stamp" "$lab/stamp"
	fi
	say "Ready."
}

main
